-- $2 is the id that the page before ended with.
select id, email, full_name, role, is_active, last_login_at, created_at
from users
where tenant_id = $1 and id > $2 and ($3 or is_active)
order by id
limit $4
