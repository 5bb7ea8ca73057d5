select webhook_secret from repositories where tenant_id = $1 and id = $2
