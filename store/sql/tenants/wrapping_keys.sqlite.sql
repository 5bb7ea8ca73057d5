select wrapping_key, count(*) as tenants from data_keys group by wrapping_key order by wrapping_key
