-- What a transfer has copied. The table is there from its beginning to its end, so one that was cut off can go on.
create table public._muster_transfer (
    tenant text collate "C" not null, -- '' for rows of no tenant; 'from' in the first row
    table_name text collate "C" not null, -- the address of the source in the first row
    row_count bigint not null,
    checksum bytea not null,
    primary key (tenant, table_name)
)
