-- The session's state before prelude.sql, kept in settings of our own until restore.sql puts it back, and sealed with a
-- secret: what runs in between may be anybody's SQL, which could write another state there, but can't read the bound
-- value. A rollback to a savepoint of the host's takes these back together with what prelude.sql has set. Slots: the names
-- of the settings to keep, of the one that holds them, and of the seal.
select
  pg_catalog.set_config({saved}, state.saved, true),
  pg_catalog.set_config(
    {seal},
    pg_catalog.encode(
      pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.concat(state.secret, state.saved), 'UTF8')),
      'hex'
    ),
    true
  )
from (
  select
    cast(? as pg_catalog.text) as secret,
    cast(
      pg_catalog.json_object_agg(setting.name, pg_catalog.current_setting(setting.name, true)) as pg_catalog.text
    ) as saved
  from pg_catalog.unnest(cast({settings} as pg_catalog.text[])) as setting (name)
  offset 0
) as state
