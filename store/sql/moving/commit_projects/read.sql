select project_id, commit_id
from commit_projects
where tenant_id = $1
order by project_id, commit_id
