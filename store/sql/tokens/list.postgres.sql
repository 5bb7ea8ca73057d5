-- $2 is the id that the page before ended with; $3 the time at which a token is to be valid.
select k.id, k.name, k.prefix, k.role, k.user_id, k.created_at, k.expires_at, k.last_used_at, k.revoked_at
from token_list() k
where nullif(current_setting('app.current_tenant_id', true), '')::uuid = $1
    and k.id > $2
    and (cast($3 as bigint) is null or (k.revoked_at is null and (k.expires_at is null or k.expires_at > $3)))
order by k.id
limit $4
