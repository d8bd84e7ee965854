select
  nullif(current_setting('role'), 'none') as role,
  coalesce(current_setting('request.jwt.claims', true), '') <> '' as claims
