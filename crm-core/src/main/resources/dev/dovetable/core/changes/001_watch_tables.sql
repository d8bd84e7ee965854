-- What is written to these tables is told by the feed. What the extensions for webhooks and the inbox have made, or will make, is
-- watched as well, whichever comes first.
select {crm}.watch_table({agent_id}, {agent_prefix}, 'customers');
select {crm}.watch_table({agent_id}, {agent_prefix}, 'messages');
select {crm}.watch_table({agent_id}, {agent_prefix}, 'orders');
