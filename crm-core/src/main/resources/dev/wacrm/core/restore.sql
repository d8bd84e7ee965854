-- The opposite of prelude.sql, timeouts.sql and webhooks/lock.sql, after save.sql. Every role may go back to the log-in's
-- own and to the roles that the log-in is a member of. The first column's name tells this result from the caller's.
select
  set_config('role', current_setting('wacrm.role'), true) as wacrm_restored,
  set_config('request.jwt.claims', current_setting('wacrm.claims'), true),
  set_config('request.jwt.claim.sub', current_setting('wacrm.claim_sub'), true),
  set_config('request.jwt.claim.role', current_setting('wacrm.claim_role'), true),
  set_config('statement_timeout', current_setting('wacrm.statement_timeout'), true),
  set_config('lock_timeout', current_setting('wacrm.lock_timeout'), true),
  set_config('enable_seqscan', current_setting('wacrm.enable_seqscan'), true)
