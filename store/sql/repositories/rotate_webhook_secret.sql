update repositories set webhook_secret = $3, webhook_secret_previous = $4 where tenant_id = $1 and id = $2
