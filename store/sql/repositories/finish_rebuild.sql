update repositories set commit_projects_stale = false
where tenant_id = $1 and id = $2 and commit_projects_stale
