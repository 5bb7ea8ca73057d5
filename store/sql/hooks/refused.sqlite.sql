update hook_keys set refused_code = $2, refused_at = $3, refused_count = refused_count + $4 where hook_key = $1
