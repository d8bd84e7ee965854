select
  coalesce(nullif(current_setting('role'), 'none'), session_user),
  nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
