-- How many agents lack a change of the library's own. In the private schema.
select count(*) as agents from outdated_agents('crm')
