update repositories set webhook_secret = $3 where tenant_id = $1 and id = $2
