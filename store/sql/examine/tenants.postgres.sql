select t.tenants, t.suspended, k.keyed, k.keys
from (select count(*) as tenants, count(suspended_at) as suspended from tenant_list()) t,
    (select coalesce(sum(tenants), 0)::bigint as keyed, count(*) as keys from wrapping_keys_in_use()) k
