-- The lock of store_webhook(), ahead of the statement that stores, so that this sees what was stored before. Its plan is
-- kept: made while tables are small, it would read all of a large one for each message later. Slots, both literals: what is
-- locked, and the schema.
select
  pg_catalog.pg_advisory_xact_lock(
    pg_catalog.hashtextextended({subject}, pg_catalog.format('%I.agents', {schema})::regclass::oid::bigint)),
  pg_catalog.set_config('enable_seqscan', 'off', true)
