-- A link that holds, with the evidence that it has now.
update links set rule = $3, matched = $4, withdrawn_at = null
where tenant_id = $1 and id = $2
