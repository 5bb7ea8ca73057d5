select t.tenants, t.suspended, k.keyed, k.keys
from (select count(*) as tenants, count(suspended_at) as suspended from tenants) t,
    (select count(*) as keyed, count(distinct wrapping_key) as keys from data_keys) k
