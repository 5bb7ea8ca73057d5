-- Tenants: the organisations that own everything else. A global table; every other table leads with tenant_id.
-- The application id ("Must") tells our files from other programs' databases.
pragma application_id = 1299542900;

create table tenants (
    id blob not null primary key check (length(id) = 16), -- UUID version 7
    name text not null unique check (length(name) between 1 and 200),
    created_at integer not null -- milliseconds since 1970-01-01T00:00:00Z, as every *_at that we set ourselves
) strict, without rowid;
