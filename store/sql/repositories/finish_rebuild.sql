update repositories set commit_projects_stale = 0
where tenant_id = $1 and id = $2 and commit_projects_stale <> 0
