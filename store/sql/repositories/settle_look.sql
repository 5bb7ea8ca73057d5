-- $3: 1 where something changed that has not raised the revision yet.
update repositories
set revision = revision + $3, history = coalesce($4, history), visible_at = coalesce($5, visible_at),
    last_synced_at = coalesce($6, last_synced_at), waiting_since = $7
where tenant_id = $1 and id = $2
returning revision
