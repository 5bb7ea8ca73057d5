select history from repositories where tenant_id = $1 and id = $2
