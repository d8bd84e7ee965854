-- The query that compares conversations of some agents with their messages, by functions that the extension of the inbox has
-- made for each of them; null if it has for none. Each agent is kept from being deleted until the transaction ends.
-- Parameters: the ids and prefixes of the agents, and how many of each one's newest.
with agent as materialized (
  select
    a.id, a.prefix,
    -- As enter_agent() does.
    pg_try_advisory_xact_lock_shared(hashtextextended(a.prefix, 'agents'::regclass::oid::bigint)) as is_kept
  from unnest(?::bigint[], ?::text[]) as a (id, prefix)
)
select string_agg(
  format(
    '(select %L as prefix, %L as rebuild where %I.%I(%s) > 0)',
    a.prefix, format('select %I.%I()', n.nspname, r.proname), n.nspname, p.proname, newest.conversations),
  ' union all ') as query
from agent a
join pg_namespace n on n.nspname = current_schema()
join pg_proc p on p.pronamespace = n.oid
  and p.proname = case when a.is_kept then (a.prefix || '_conversations_differences')::name end
join pg_proc r on r.pronamespace = n.oid and r.proname = (a.prefix || '_conversations_rebuild')::name
cross join (select ?::text as conversations) as newest
where starts_with(coalesce(obj_description(p.oid, 'pg_proc'), ''), format('Function of agent %s.', a.id))
