select queue_ids_above($1, $2)
