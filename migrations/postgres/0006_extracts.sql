-- What single files yielded, so that an unchanged file need not be read again.
create table extracts (
    tenant_id uuid not null,
    repository_id bigint not null,
    path text collate "C" not null,
    blob bytea not null check (octet_length(blob) in (20, 32)),
    extractor_version bigint not null,
    payload text collate "C" not null, -- JSON
    primary key (tenant_id, repository_id, path),
    foreign key (tenant_id, repository_id) references repositories (tenant_id, id)
);
alter table extracts enable row level security;
alter table extracts force row level security;
create policy tenant_rows on extracts
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
grant select, insert, update, delete on extracts to muster_app;
