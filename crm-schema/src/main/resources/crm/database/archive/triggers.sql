-- What puts each trigger back into the state that it has. Names in full. Parameter: the tables' oids.
select pg_catalog.format(
  'alter table %s %s trigger %I', t.tgrelid::regclass,
  case t.tgenabled when 'A' then 'enable always' when 'R' then 'enable replica' else 'enable' end, t.tgname) as redo
from pg_trigger t
where t.tgrelid = any (?::oid[]) and not t.tgisinternal and t.tgenabled <> 'D'
order by 1
