select app_refused($1, $2, $3)
