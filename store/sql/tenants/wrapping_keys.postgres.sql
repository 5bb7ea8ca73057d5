select wrapping_key, tenants from wrapping_keys_in_use()
