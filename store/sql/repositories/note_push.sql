-- The newest of both times is kept, and the oldest receipt that does not show yet: what was received before the remote was last
-- asked shows, whenever it is noted.
update repositories
set pushed_at = case when pushed_at is null or pushed_at < $3 then coalesce($3, pushed_at) else pushed_at end,
    received_at = case when received_at is null or received_at < $4 then $4 else received_at end,
    waiting_since = case
        when last_synced_at >= $4 then waiting_since
        when waiting_since is null or waiting_since > $4 then $4
        else waiting_since
    end
where tenant_id = $1 and id = $2
