-- Extension {extension}, for psql and for migrations of the Supabase CLI: behind the library's own files, as the role that ran
-- those. It registers the versions, so that new agents get them, and gives them to the agents that there are. Run again, it
-- changes nothing. All in one transaction: each agent's statements wait until it has its tables changed, and, with some
-- thousand agents, the server may have too few locks. AgentMigrations and crm-cli migrate agents one by one instead.
begin;
set local search_path = {schema}, pg_temp;
set local lock_timeout = '10s';
set local statement_timeout = 0;
select enter_provisioning();
