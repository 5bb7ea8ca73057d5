-- Who works here, and does row-level security hold him back?
select r.rolname::text, r.rolsuper or r.rolbypassrls,
    exists (
        select 1 from pg_class c
        where c.relowner = r.oid and c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace)
from pg_roles r
where r.rolname = current_user
