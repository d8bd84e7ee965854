-- Who the rest of the transaction runs as. Local settings: they end with the transaction. request.jwt.claim.sub and
-- .role are what older PostgREST versions set; auth.uid() and auth.role() fall back to them, so they must not hold
-- anything. With array_nulls off, what is null in an array that is bound would be the text NULL. Slot more: further ones, such as timeouts, if they aren't what the server, the database or the login has.
select
  pg_catalog.set_config('role', {role}, true),
  pg_catalog.set_config('request.jwt.claims', {claims}, true),
  pg_catalog.set_config('request.jwt.claim.sub', '', true),
  pg_catalog.set_config('request.jwt.claim.role', '', true),
  pg_catalog.set_config('array_nulls', 'on', true){more}
