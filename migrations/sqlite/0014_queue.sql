-- The queue: deliveries as received, and jobs. Queue tables: a row belongs to a tenant, or to none yet, or to none at all.
create table deliveries (
    id integer primary key autoincrement, -- never again a deleted one's
    tenant_id blob references tenants (id), -- null until routed
    hook text not null, -- app, or a hook key
    guid text not null, -- the same again when redelivered, and the same for two hooks: the key is both
    event text not null,
    action text,
    headers text not null, -- JSON
    fair_hint integer, -- the installation that the bytes speak of; for fair turns, never for routing
    received_at integer not null,
    status text not null check (status in ('received', 'parked', 'ignored', 'done', 'dead')),
    reason text, -- one sentence: why parked, ignored or dead
    waits_for text, -- what a parked one is planned again for: installation:<id>, repository:<id>
    settled_at integer,
    body_hash blob not null check (length(body_hash) = 32), -- SHA-256: is a repeat the same?
    body_purged_at integer,
    body blob, -- last, because it is long
    unique (hook, guid),
    check ((body is null) = (body_purged_at is not null)),
    check (waits_for is null or status = 'parked')
) strict; -- with a rowid: such rows are long
create index deliveries_by_tenant on deliveries (tenant_id, id);
create index deliveries_parked on deliveries (waits_for, id) where waits_for is not null;
create index deliveries_with_body on deliveries (received_at) where body_purged_at is null;

create table jobs (
    id integer primary key autoincrement,
    tenant_id blob references tenants (id), -- null: the system's, or a route job whose tenant is not known yet
    kind text not null,
    payload text not null, -- JSON: ids, no secrets
    serial_key text, -- one at a time is running
    coalescing_key text, -- one at a time is ready
    once_key text, -- one is ever enqueued, as long as the row is kept
    installation_id integer, -- whose rate limit it uses up
    fair_hint integer, -- as the delivery's
    priority integer not null, -- smaller first
    long integer not null check (long in (0, 1)), -- it may take minutes: a slot is kept from such jobs
    run_at integer not null, -- not before
    parked_until integer, -- run_at was moved to this by a limit of the installation, at no attempt's cost
    state text not null check (state in ('ready', 'running', 'done', 'dead')),
    lease_owner text,
    lease_until integer,
    lease_number integer not null default 0, -- only ever grows: a late finisher with an older one changes nothing
    attempts integer not null default 0, -- counted at the claim
    losses integer not null default 0, -- leases that ran out; each gave its attempt back
    merges integer not null default 0, -- how many more with its coalescing key it stands for
    merged_into integer, -- the newer job with its coalescing key that was ready when this one had to go back
    cause text, -- a few words for the kind of its last error: what dead jobs are grouped by
    errors text not null default '[]', -- JSON, oldest first
    enqueued_at integer not null,
    started_at integer,
    finished_at integer,
    -- Who takes turns with whom: tenants; before a tenant is known, installations by the hint; the system.
    turn text not null generated always as (
        case when tenant_id is not null then lower(hex(tenant_id))
            when fair_hint is not null then 'hint:' || fair_hint else '' end) stored,
    -- What has slots of its own within a turn: 1 for long, 2 for lost before.
    class integer not null generated always as (
        case when long then 1 else 0 end + case when losses > 0 then 2 else 0 end) stored,
    check ((lease_owner is not null) = (state = 'running')),
    check ((lease_until is not null) = (state = 'running')),
    check ((finished_at is not null) = (state in ('done', 'dead')))
) strict;
-- The order of the claim. It hops from turn to turn, so it does not matter how many jobs stand behind the first ones.
create index jobs_to_claim on jobs (priority, turn, class, run_at, id) where state = 'ready';
-- For a turn whose first jobs all wait for the same few keys: its other keys, and what has none.
create index jobs_by_serial_key on jobs (turn, serial_key, run_at, id) where state = 'ready' and serial_key is not null;
create index jobs_without_key on jobs (turn, run_at, id) where state = 'ready' and serial_key is null;
create index jobs_running on jobs (turn, lease_until) where state = 'running';
create index jobs_done on jobs (finished_at) where state = 'done';
create index jobs_dead on jobs (kind, cause, id) where state = 'dead';
create index jobs_by_tenant on jobs (tenant_id, id);
create index jobs_by_installation on jobs (installation_id, parked_until)
    where installation_id is not null and state = 'ready';
-- Keys are a turn's own, so that none tells of another tenant's.
create unique index jobs_serial on jobs (turn, serial_key) where state = 'running' and serial_key is not null;
create unique index jobs_coalescing on jobs (turn, coalescing_key) where state = 'ready' and coalescing_key is not null;
create unique index jobs_once on jobs (turn, once_key) where once_key is not null;
