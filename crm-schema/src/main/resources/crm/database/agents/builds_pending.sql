-- In the private schema. Parameters: the agent's id and prefix, and the extension; '' for any.
select extension, version, pg_catalog.format('%I.%I', home, name) as name, is_valid, statement
from pending_builds(?::bigint, ?::text, nullif(?::text, ''))
