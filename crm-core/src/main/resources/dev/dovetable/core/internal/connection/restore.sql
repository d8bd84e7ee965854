-- The opposite of save.sql and whatever ran behind it. The column's name tells this result from the caller's. Every role may
-- go back to the login's own and to the roles that the login is a member of. Nothing here is looked up along a search
-- path, which may be anybody's by now. In a host's transaction what differs from the login's default is put back for the
-- transaction only, since the host may have set it so; what the session has beneath it can't be read, and of the settings
-- in {forgotten} it becomes the login's default. A state that isn't the saved one is refused there; on a connection of the
-- library's own it becomes the login's default.
select
  pg_catalog.count(
    pg_catalog.set_config(
      kept.name,
      kept.value,
      case
        when
          pg_catalog.texteq(
            coalesce(kept.value, ''), coalesce(
              pg_catalog.set_config(
                kept.name,
                null,
                pg_catalog.array_position(cast({forgotten} as pg_catalog.text[]), kept.name) is null
              ),
              ''
            )
          )
          then false
        else {is_hosts}
      end
    )
  ) as crm_restored
from (
  select setting.name, pg_catalog.json_extract_path_text(state.saved, setting.name) as value
  from
    (
      select
        case
          when
            pg_catalog.texteq(
              pg_catalog.current_setting({seal}, true),
              pg_catalog.encode(
                pg_catalog.sha256(
                  pg_catalog.convert_to(
                    pg_catalog.concat(cast(? as pg_catalog.text), pg_catalog.current_setting({saved}, true)), 'UTF8'
                  )
                ),
                'hex'
              )
            )
            then cast(pg_catalog.current_setting({saved}, true) as pg_catalog.json)
          when {is_hosts}
            then cast(pg_catalog.concat('what a scope ran has changed ', {saved}) as pg_catalog.json)
        end as saved
      offset 0
    ) as state,
    pg_catalog.unnest(cast({settings} as pg_catalog.text[])) as setting (name)
  where pg_catalog.current_setting(setting.name, true) is not null
  offset 0
) as kept
