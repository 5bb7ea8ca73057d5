select h.tenant_id, h.repository_id, h.suspended_at from hook_find($1) h
