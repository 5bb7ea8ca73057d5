-- Triggers and rewrite rules that people made; those of foreign keys are the engine's.
select json_build_object(
    'table', case when n.nspname = 'public' then c.relname else concat(n.nspname, '.', c.relname) end,
    'name', t.name,
    'text', t.text)::text
from (
    select tgrelid as relation, tgname as name, pg_get_triggerdef(oid) as text from pg_trigger where not tgisinternal
    union all
    select ev_class, rulename, pg_get_ruledef(oid) from pg_rewrite where rulename <> '_RETURN'
) t
join pg_class c on c.oid = t.relation
join pg_namespace n on n.oid = c.relnamespace
where n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
order by n.nspname, c.relname, t.name
