-- The place of a commit in the list.
select committed_at, id from commits where tenant_id = $1 and id = $2
