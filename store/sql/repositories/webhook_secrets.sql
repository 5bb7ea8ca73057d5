select webhook_secret, webhook_secret_previous from repositories where tenant_id = $1 and id = $2
