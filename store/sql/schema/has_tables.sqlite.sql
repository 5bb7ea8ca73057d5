select count(*) from sqlite_schema where name not like 'sqlite\_%' escape '\'
