select to_regclass('public._sqlx_migrations') is not null
