update tenants set change_seq = change_seq + 1 where id = $1 returning id as tenant_id, change_seq as seq
