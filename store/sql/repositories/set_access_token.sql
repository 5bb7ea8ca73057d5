update repositories set access_token = $3 where tenant_id = $1 and id = $2
