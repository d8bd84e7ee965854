-- Whether what belongs to an agent can be read from the manifest; fails otherwise. Parameter: the manifest.
select
  (
    select pg_catalog.count(m)
    from pg_catalog.jsonb_to_recordset(given.manifest -> 'members')
      as m (id uuid, email text, added_by uuid, added_at timestamptz)
  )
  + (
    select pg_catalog.count(n)
    from pg_catalog.jsonb_to_recordset(given.manifest -> 'numbers')
      as n (phone_number_id text, display_number text, business_account_id text, label text, is_active boolean)
  )
  + pg_catalog.length((given.manifest ->> 'created_at')::timestamptz::text) as count
from (select ?::jsonb as manifest) as given
