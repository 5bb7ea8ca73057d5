-- What a transfer has copied. The table is there from its beginning to its end, so one that was cut off can go on.
create table _muster_transfer (
    tenant text not null, -- '' for rows of no tenant; 'from' in the first row
    table_name text not null, -- the address of the source in the first row
    row_count integer not null,
    checksum blob not null,
    primary key (tenant, table_name)
) strict, without rowid
