select tenant_delete($1) as rows
