-- The users and agents of before_001.sql, made in a current installation.

insert into users (id, name, email, role)
values
  ('00000000-0000-4000-8000-000000000001', 'Ada', 'ada@example.org', 'admin'),
  ('00000000-0000-4000-8000-000000000002', 'Ben', 'ben@example.org', 'agent'),
  ('00000000-0000-4000-8000-000000000003', 'Cem', 'cem@example.org', 'agent');

select create_agent('00000000-0000-4000-8000-000000000002', 'agt_6f78', '00000000-0000-4000-8000-000000000001');
select create_agent('00000000-0000-4000-8000-000000000003', 'agt_9b21', '00000000-0000-4000-8000-000000000001');
