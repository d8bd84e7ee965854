-- One installer at a time in this database, whatever its schema: roles, schema auth and grants on it are shared by all.
-- Waits for lock_timeout at most. The lock ends with the transaction, so a killed installer leaves none behind.
-- Parameter: the time to wait, in milliseconds.
select set_config('statement_timeout', '0', true), set_config('lock_timeout', ?::text, true);
select pg_advisory_xact_lock(hashtextextended('dev.dovetable.schema', 0));
