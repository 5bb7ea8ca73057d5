select hook_refused($1, $2, $3, $4)
