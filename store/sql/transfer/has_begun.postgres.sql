select count(*) as found from pg_catalog.pg_class where oid = to_regclass('public._muster_transfer')
