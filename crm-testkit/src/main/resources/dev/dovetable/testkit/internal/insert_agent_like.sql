-- With the id of another database's agent: it is part of a constraint and of the policies.
with maker as (
  insert into users (name, email, role) values ('Maker', ? || '@maker.example', 'admin') returning id
)
insert into agents (id, agent_prefix, created_by)
select ?, ?, maker.id
from maker
