insert into _muster_transfer (tenant, table_name, row_count, checksum) values ($1, $2, $3, $4)
