-- Without a user, whom it gets with its rows. Parameters: id, prefix, when and by whom it was made.
insert into agents (id, agent_prefix, created_at, created_by) values (?::bigint, ?::text, ?::timestamptz, ?::uuid)
