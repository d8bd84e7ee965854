-- What the host's transaction had, kept in settings of our own until restore.sql puts it back. A rollback to a savepoint
-- of the host's takes these back together with what prelude.sql has set.
select
  set_config('wacrm.role', current_setting('role'), true),
  set_config('wacrm.claims', coalesce(current_setting('request.jwt.claims', true), ''), true),
  set_config('wacrm.claim_sub', coalesce(current_setting('request.jwt.claim.sub', true), ''), true),
  set_config('wacrm.claim_role', coalesce(current_setting('request.jwt.claim.role', true), ''), true),
  set_config('wacrm.statement_timeout', current_setting('statement_timeout'), true),
  set_config('wacrm.lock_timeout', current_setting('lock_timeout'), true),
  set_config('wacrm.enable_seqscan', current_setting('enable_seqscan'), true)
