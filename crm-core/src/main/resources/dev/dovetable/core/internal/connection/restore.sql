-- The opposite of prelude.sql and webhooks/lock.sql, after save.sql. Every role may go back to the login's
-- own and to the roles that the login is a member of. The first column's name tells this result from the caller's.
select
  set_config('role', current_setting('crm.role'), true) as crm_restored,
  set_config('request.jwt.claims', current_setting('crm.claims'), true),
  set_config('request.jwt.claim.sub', current_setting('crm.claim_sub'), true),
  set_config('request.jwt.claim.role', current_setting('crm.claim_role'), true),
  set_config('statement_timeout', current_setting('crm.statement_timeout'), true),
  set_config('lock_timeout', current_setting('crm.lock_timeout'), true),
  set_config('enable_seqscan', current_setting('crm.enable_seqscan'), true)
