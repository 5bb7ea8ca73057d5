select tenant, table_name, row_count, checksum from _muster_transfer
