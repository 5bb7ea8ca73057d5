update repositories set webhook_secret_previous = null
where tenant_id = $1 and id = $2 and webhook_secret_previous is not null
