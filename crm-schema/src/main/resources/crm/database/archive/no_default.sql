set constraints all immediate;
alter table {customers} alter column agent_id drop default
