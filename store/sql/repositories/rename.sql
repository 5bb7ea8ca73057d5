update repositories set full_name = $3, name = $4, clone_url = $5
where tenant_id = $1 and id = $2
