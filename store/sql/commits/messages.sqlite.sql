select id, message
from commits
where tenant_id = $1 and id in (select value from json_each($2))
