-- Nothing to make: SQLite has no roles to keep from tables, so the store's statements stand in for PostgreSQL's functions.
select 1;
