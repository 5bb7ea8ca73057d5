-- Tenants: the organisations that own everything else. A global table; every other table leads with tenant_id.
-- No run-time role is granted anything on it: they reach it through the functions of 0015 alone.
create table tenants (
    id uuid not null primary key, -- UUID version 7
    name text collate "C" not null unique check (length(name) between 1 and 200),
    created_at bigint not null -- milliseconds since 1970-01-01T00:00:00Z, as every *_at that we set ourselves
);
