select (select coalesce(max(id), 0) from deliveries) as deliveries, (select coalesce(max(id), 0) from jobs) as jobs
