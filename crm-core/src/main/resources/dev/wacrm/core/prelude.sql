-- Who the rest of the transaction runs as. Local settings: they end with the transaction. The last one is what older
-- PostgREST versions set; auth.uid() falls back to it, so it must not hold anything. A
-- transaction can be made read only at any time, but not writable again. One plan for all values is meant for a single
-- statement only.
select
  set_config('role', {role}, true),
  set_config('request.jwt.claims', {claims}, true),
  set_config('request.jwt.claim.sub', '', true),
  set_config('request.jwt.claim.role', '', true),
  case when {read_only} then set_config('transaction_read_only', 'on', true) end,
  case when {plans_once} then set_config('plan_cache_mode', 'force_generic_plan', true) end
