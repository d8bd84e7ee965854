lock table {tables} in access exclusive mode;
alter table {customers} alter column agent_id set default {agent_id}
