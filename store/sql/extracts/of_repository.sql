select path, blob, payload
from extracts
where tenant_id = $1 and repository_id = $2 and extractor_version = $3
order by path
