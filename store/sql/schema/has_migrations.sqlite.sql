select count(*) from pragma_application_id a, sqlite_schema s
where a.application_id in (0, 1299542900) and s.name = '_sqlx_migrations'
