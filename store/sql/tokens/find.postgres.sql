select k.tenant_id, k.id, k.role, k.user_id, k.expires_at, k.last_used_at, k.revoked_at, k.suspended_at from token_find($1) k
