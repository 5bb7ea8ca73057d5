update data_keys set wrapped = $3, wrapping_key = $4 where tenant_id = $1 and wrapped = $2
