insert into agent_places (agent_prefix, database_name, token, is_made, since)
values (?, ?, pg_catalog.gen_random_uuid(), true, pg_catalog.now())
on conflict (agent_prefix) do nothing;
