-- What became visible, in the order of commits of transactions: seq comes from tenants.change_seq, last in a transaction.
-- No foreign key to the repository: the change that tells of its removal outlives it.
create table changes (
    tenant_id blob not null references tenants (id),
    seq integer not null,
    repository_id integer,
    kind text not null,
    pushed_at integer,
    received_at integer,
    visible_at integer not null,
    primary key (tenant_id, seq)
) strict, without rowid;
