insert into tokens (tenant_id, hash, id, name, prefix, role, user_id, created_at, expires_at, last_used_at, revoked_at)
select $1, unhex(j.value ->> 0), j.value ->> 1, j.value ->> 2, j.value ->> 3, j.value ->> 4, j.value ->> 5,
    j.value ->> 6, j.value ->> 7, j.value ->> 8, j.value ->> 9
from json_each($2) j
