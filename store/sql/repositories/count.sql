select count(*) as repositories from repositories where tenant_id = $1 and is_active
