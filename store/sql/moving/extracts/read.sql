select repository_id, path, blob, extractor_version, payload
from extracts
where tenant_id = $1
order by repository_id, path
