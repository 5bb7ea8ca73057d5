-- What single files yielded, so that an unchanged file need not be read again.
create table extracts (
    tenant_id blob not null,
    repository_id integer not null,
    path text not null,
    blob blob not null check (length(blob) in (20, 32)),
    extractor_version integer not null,
    payload text not null, -- JSON
    primary key (tenant_id, repository_id, path),
    foreign key (tenant_id, repository_id) references repositories (tenant_id, id)
) strict, without rowid;
