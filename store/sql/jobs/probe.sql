-- Changes nothing, and fails where a claim would: no right to write, a read-only database, no table.
update jobs set state = state where false
