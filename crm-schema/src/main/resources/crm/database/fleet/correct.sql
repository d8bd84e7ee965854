-- Unless somebody has written the row meanwhile.
update agent_places
set database_name = ?, token = pg_catalog.gen_random_uuid(), is_made = true, since = pg_catalog.now()
where agent_prefix = ? and token = ?::uuid;
