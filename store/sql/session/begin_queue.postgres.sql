-- A transaction in the queue's role, in one go. Its tables are empty one minute and full the next, so no plan may hang on
-- their statistics: each statement has one index that it is made for (see the indexes of 0014), and is planned once a
-- connection.
begin isolation level read committed, read write;
set local role muster_queue;
set local app.current_tenant_id = '';
set local plan_cache_mode = force_generic_plan;
set local enable_seqscan = off;
set local enable_bitmapscan = off;
set local enable_sort = off;
set local enable_hashjoin = off;
set local enable_mergejoin = off;
set local jit = off;
