select pg_notify('muster_jobs', '')
