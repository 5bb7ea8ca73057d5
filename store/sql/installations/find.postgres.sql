select i.tenant_id, i.account, i.suspended_at, i.removed_at, i.tenant_suspended_at from installation_find($1, $2) i
