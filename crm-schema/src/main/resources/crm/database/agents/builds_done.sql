-- In the private schema. Parameters: the agent's id and prefix, extension, version, and how long it took in milliseconds.
select enter_built_version(?::bigint, ?::text, ?::text, ?::bigint, ?::bigint)
