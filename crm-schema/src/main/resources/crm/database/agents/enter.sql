-- Waits for agents that are being made: those get what is registered now with the others, later ones as they are made.
-- Parameter: how long to wait, in milliseconds.
select pg_catalog.set_config('lock_timeout', ?::text, true), pg_catalog.set_config('statement_timeout', '0', true);
select enter_provisioning();
