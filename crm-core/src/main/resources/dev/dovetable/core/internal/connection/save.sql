-- What the host's transaction had, kept in settings of our own until restore.sql puts it back. A rollback to a savepoint
-- of the host's takes these back together with what prelude.sql has set.
select
  set_config('crm.role', current_setting('role'), true),
  set_config('crm.claims', coalesce(current_setting('request.jwt.claims', true), ''), true),
  set_config('crm.claim_sub', coalesce(current_setting('request.jwt.claim.sub', true), ''), true),
  set_config('crm.claim_role', coalesce(current_setting('request.jwt.claim.role', true), ''), true),
  set_config('crm.statement_timeout', current_setting('statement_timeout'), true),
  set_config('crm.lock_timeout', current_setting('lock_timeout'), true),
  set_config('crm.enable_seqscan', current_setting('enable_seqscan'), true)
