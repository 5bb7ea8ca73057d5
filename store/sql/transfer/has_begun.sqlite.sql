select count(*) as found from sqlite_schema where name = '_muster_transfer'
