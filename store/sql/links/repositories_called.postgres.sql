-- Repositories by their full names, which are given in lower case.
select r.id, lower(r.full_name) as name, r.gone_at is not null as gone
from repositories r
where r.tenant_id = $1 and lower(r.full_name) = any($2::text[])
order by r.id
