select count(*) from pragma_foreign_key_check
