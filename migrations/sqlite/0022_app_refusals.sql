-- How often deliveries of a provider's App were refused: written now and then, never in the course of a request. Of the
-- database and of no tenant, for whoever is refused has not shown whose he is.
create table app_refusals (
    provider text not null primary key, -- whose App it is
    refused_code text not null, -- of the last time
    refused_at integer not null,
    refused_count integer not null
) strict, without rowid;
