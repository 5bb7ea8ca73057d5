-- Who was granted what on what is not his own. Where nothing was ever granted or revoked, the engine's defaults hold.
select json_build_object(
    'kind', g.kind,
    'object', case when g.schema in ('public', '') then g.object else concat(g.schema, '.', g.object) end,
    'part', g.part,
    'grantee', case when a.grantee = 0 then 'PUBLIC' else pg_get_userbyid(a.grantee)::text end,
    'privilege', a.privilege_type,
    'grantable', a.is_grantable)::text
from (
    select case c.relkind when 'S' then 'sequence' else 'table' end as kind, n.nspname::text as schema,
        c.relname::text as object, null::text as part, c.relowner as owner, c.relacl as acl
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'f', 'v', 'm', 'S')
        and not exists (
            select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
    union all
    select 'column', n.nspname, c.relname, a.attname, c.relowner, a.attacl
    from pg_attribute a
    join pg_class c on c.oid = a.attrelid
    join pg_namespace n on n.oid = c.relnamespace
    where a.attacl is not null and not a.attisdropped
    union all
    select 'function', n.nspname, p.proname, oidvectortypes(p.proargtypes), p.proowner,
        coalesce(p.proacl, acldefault('f', p.proowner))
    from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace
    where not exists (
        select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
    union all
    select 'schema', '', n.nspname, null, n.nspowner, coalesce(n.nspacl, acldefault('n', n.nspowner))
    from pg_namespace n
    where n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
    union all
    select 'database', '', d.datname, null, d.datdba, coalesce(d.datacl, acldefault('d', d.datdba))
    from pg_database d
    where d.datname = current_database()
    union all
    select 'default', coalesce(n.nspname, ''),
        case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions' when 'n' then 'schemas'
            else 'types' end,
        pg_get_userbyid(d.defaclrole), d.defaclrole, d.defaclacl
    from pg_default_acl d
    left join pg_namespace n on n.oid = d.defaclnamespace
) g
cross join aclexplode(g.acl) a
where g.schema <> 'information_schema' and g.schema !~ '^pg_' and a.grantee <> g.owner
order by g.kind, g.schema, g.object, g.part, 1
