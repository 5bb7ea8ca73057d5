-- Bodies of deliveries are packed: an LZ4 block of a body of so many bytes. Null: the body stands there as it came.
alter table deliveries add column body_packed_from bigint;
