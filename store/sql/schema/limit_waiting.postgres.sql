-- A change of a table waits for those who use it, and everybody who comes later waits behind it: not for long.
select set_config('lock_timeout', '10s', true)
