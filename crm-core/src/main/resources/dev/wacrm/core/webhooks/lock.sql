-- The lock of store_webhook(), ahead of store_usual.sql, so that this sees what was stored before. Slots, both literals:
-- what is locked, and the schema.
select pg_advisory_xact_lock(hashtextextended({subject}, format('%I.agents', {schema})::regclass::oid::bigint))
