select tenant_suspend($1, $2)
