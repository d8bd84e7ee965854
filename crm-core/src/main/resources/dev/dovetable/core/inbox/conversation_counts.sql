-- How many conversations there are of each kind. What is closed isn't read.
select
  count(*) filter (where c.is_open) as open,
  count(*) filter (where c.is_open and c.unread > 0) as unread,
  coalesce(pg_catalog.sum(c.unread) filter (where c.is_open), 0) as unread_messages,
  count(*) filter (where c.is_open and c.waiting_since is not null) as waiting,
  count(*) filter (where c.is_open and c.assignee is null) as unassigned,
  count(*) filter (where c.is_open and c.assignee = (select auth.uid())) as mine,
  count(*) filter (where c.is_open and c.status = 'snoozed') as snooze_over,
  count(*) filter (where not c.is_open) as snoozed
from (
  select
    c.status,
    c.unread,
    c.waiting_since,
    c.assignee,
    c.status = 'open' or c.snoozed_until <= pg_catalog.timezone('utc', pg_catalog.now()) as is_open
  from "{schema}"."{prefix}_conversations" c
  where c.last_message_id is not null and c.status <> 'closed'
) as c
