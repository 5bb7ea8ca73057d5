select path, blob, extractor_version
from extracts
where tenant_id = $1 and repository_id = $2
order by path
