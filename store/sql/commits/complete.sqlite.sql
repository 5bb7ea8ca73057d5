update commits
set path_count = j.value ->> 1, paths_complete = 1
from json_each($2) j
where tenant_id = $1 and commits.id = j.value ->> 0
