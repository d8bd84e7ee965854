-- Who the rest of the transaction runs as. Local settings: they end with the transaction. request.jwt.claim.sub and
-- .role are what older PostgREST versions set; auth.uid() and auth.role() fall back to them, so they must not hold
-- anything. A transaction can be made read only at any time, but not writable again. Timeouts are in milliseconds; null
-- leaves what the server, the database or the login has.
select
  set_config('role', {role}, true),
  set_config('request.jwt.claims', {claims}, true),
  set_config('request.jwt.claim.sub', '', true),
  set_config('request.jwt.claim.role', '', true),
  case when {read_only} then set_config('transaction_read_only', 'on', true) end,
  case when {statement_timeout} is not null then set_config('statement_timeout', {statement_timeout}, true) end,
  case when {lock_timeout} is not null then set_config('lock_timeout', {lock_timeout}, true) end
