-- Parameters: the agent's id and prefix.
select migrate_agent(?::bigint, ?::text, null, true) as versions
