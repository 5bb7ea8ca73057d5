select report_time, report_rank, report_digest from repositories where tenant_id = $1 and id = $2
