-- No tenant_id: who has the hash has the token.
select token_touch($1, $2, $3)
