-- Nothing to make: what moves tenants reads and writes the tables themselves, as here everybody may.
select 1;
