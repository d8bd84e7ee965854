
select migrate_agent(id, agent_prefix, {extension}, true) as versions, agent_prefix from outdated_agents({extension});
commit;
