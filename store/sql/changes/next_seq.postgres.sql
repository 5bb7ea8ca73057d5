-- Locks the tenant's row until the transaction ends: seqs are in the order of commits.
select next_change_seq() as seq where nullif(current_setting('app.current_tenant_id', true), '')::uuid = $1
