select coalesce((select foreign_keys from pragma_foreign_keys), 0)
