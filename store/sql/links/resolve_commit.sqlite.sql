update commit_references set resolved = $2
where tenant_id = $1 and (commit_id, place) in (select value ->> 0, value ->> 1 from json_each($3))
