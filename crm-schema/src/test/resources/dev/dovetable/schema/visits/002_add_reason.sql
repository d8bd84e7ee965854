alter table {visits} add column reason text;
create table {reasons} (id serial primary key, visit_id bigint references {visits} (id));
alter table {visits} add column reason_id integer references {reasons} (id);
insert into {visits} (customer_id, day, reason)
select id, current_date, 'made by version 2 for ' || {agent_prefix} || ' ' || {agent_id} from {customers};
