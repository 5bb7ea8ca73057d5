select kind, cause, count(*) as number, min(id) as first_id, max(id) as last_id, max(finished_at) as last_at
from jobs
where state = 'dead'
group by kind, cause
order by kind, cause
