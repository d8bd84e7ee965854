-- The library's own changes to all agents that lack one, in the caller's transaction. In the private schema.
select pg_catalog.set_config('lock_timeout', '10s', true), pg_catalog.set_config('statement_timeout', '0', true);
select migrate_agent(id, agent_prefix, 'crm') from outdated_agents('crm')
