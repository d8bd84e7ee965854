-- Who the rest of the transaction runs as. Local settings: they end with the transaction. The last one is what older
-- PostgREST versions set; auth.uid() falls back to it, so it must not hold anything.
select
  set_config('role', ?, true),
  set_config('request.jwt.claims', ?, true),
  set_config('request.jwt.claim.sub', '', true),
  set_config('request.jwt.claim.role', '', true)
