select access_token from repositories where tenant_id = $1 and id = $2
