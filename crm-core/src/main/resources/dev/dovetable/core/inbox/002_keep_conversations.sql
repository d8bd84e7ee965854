-- Tables of other extensions: whatsapp_deliveries, whatsapp_sightings. Without them there are no numbers and no groups.
--
-- Keeps the state. Whoever writes messages locks the rows of their customers, but waits for nobody there: a transaction that
-- idles would stop all callbacks of the agent, whose lock they hold. What is locked is marked, and computed anew at commit by
-- whoever ends last, and behind a rollback by whoever writes next. So a row is exact once nobody who has written it is under
-- way, whatever came first. It is locked by one statement and computed by a later one, whose snapshot has all that was
-- committed before the lock.

create function {crm}.{conversations_number}(message_id integer) returns text
language plpgsql
stable
as $$
begin
  if pg_catalog.to_regclass('{whatsapp_deliveries}') is null then
    return null;
  end if;
  return (select d.phone_number_id from {whatsapp_deliveries} d where d.message_id = {conversations_number}.message_id);
end
$$;

-- The one definition of what is derived, by look-ups, whose cost doesn't grow with the conversation but for what is unread.
create function {crm}.{conversations_computed}(ids integer[])
returns table (
  customer_id integer,
  last_message_at timestamp without time zone,
  last_message_id integer,
  last_inbound_at timestamp without time zone,
  last_inbound_id integer,
  last_outbound_at timestamp without time zone,
  last_outbound_id integer,
  phone_number_id text,
  is_group boolean,
  unread integer,
  waiting_since timestamp without time zone
)
language plpgsql
stable
security definer
set enable_seqscan = off
as $$
#variable_conflict use_column
declare
  groups integer[] := '{}';
begin
  if pg_catalog.to_regclass('{whatsapp_sightings}') is not null then
    groups := array(select s.customer_id from {whatsapp_sightings} s where s.customer_id = any (ids) and s.kind = 'group');
  end if;
  -- Between, and ordered by the customer: otherwise the index by time would do, and where a planner knows little of the table,
  -- all of it may be walked through for each customer.
  return query
  select c.customer_id, l.timestamp, l.id, i.timestamp, i.id, o.timestamp, o.id, {crm}.{conversations_number}(i.id),
    l.id is not null and c.customer_id = any (groups),
    (
      select pg_catalog.count(*)::integer
      from {messages} m
      where m.customer_id between c.customer_id and c.customer_id and m.direction::text = 'inbound'
        and m.timestamp >= coalesce(c.read_up_to_at, '-infinity')
        and (c.read_up_to_id is null or (m.timestamp, m.id) > (c.read_up_to_at, c.read_up_to_id))
    ),
    (
      select m.timestamp
      from {messages} m
      where m.customer_id between c.customer_id and c.customer_id and m.direction::text = 'inbound'
        and m.timestamp >= coalesce(pg_catalog.date_trunc('second', o.timestamp), '-infinity')
        and (o.id is null or (pg_catalog.date_trunc('second', m.timestamp), m.id) > (pg_catalog.date_trunc('second', o.timestamp), o.id))
      order by m.customer_id desc, m.timestamp
      limit 1
    )
  from {conversations} c
  left join lateral (
    select m.timestamp, m.id from {messages} m
    where m.customer_id between c.customer_id and c.customer_id and m.timestamp is not null
    order by m.customer_id, m.timestamp desc, m.id desc
    limit 1
  ) as l on true
  left join lateral (
    select m.timestamp, m.id from {messages} m
    where m.customer_id between c.customer_id and c.customer_id and m.direction::text = 'inbound'
      and m.timestamp is not null
    order by m.customer_id, m.timestamp desc, m.id desc
    limit 1
  ) as i on true
  left join lateral (
    select m.timestamp, m.id from {messages} m
    where m.customer_id between c.customer_id and c.customer_id and m.direction::text = 'outbound'
      and m.timestamp is not null
    order by m.customer_id, m.timestamp desc, m.id desc
    limit 1
  ) as o on true
  where c.customer_id = any (ids);
end
$$;

-- Of rows that the caller has locked by an earlier statement. Leaves a note of the statement, for conversations_add_messages.
create function {crm}.{conversations_recompute}(ids integer[]) returns void
language plpgsql
security definer
as $$
begin
  perform pg_catalog.set_config('crm.computed_of_' || {agent_prefix}, extract(epoch from pg_catalog.statement_timestamp())::text, true);
  delete from {conversation_marks} k where k.customer_id = any (ids);
  update {conversations} c set
    last_message_at = n.last_message_at,
    last_message_id = n.last_message_id,
    last_inbound_at = n.last_inbound_at,
    last_inbound_id = n.last_inbound_id,
    last_outbound_at = n.last_outbound_at,
    last_outbound_id = n.last_outbound_id,
    phone_number_id = n.phone_number_id,
    is_group = n.is_group,
    unread = n.unread,
    waiting_since = n.waiting_since
  from {crm}.{conversations_computed}(ids) as n
  where c.customer_id = n.customer_id
    and (c.last_message_at, c.last_message_id, c.last_inbound_at, c.last_inbound_id, c.last_outbound_at, c.last_outbound_id,
      c.phone_number_id, c.is_group, c.unread, c.waiting_since)
    is distinct from (n.last_message_at, n.last_message_id, n.last_inbound_at, n.last_inbound_id, n.last_outbound_at,
      n.last_outbound_id, n.phone_number_id, n.is_group, n.unread, n.waiting_since);
end
$$;

create function {crm}.{conversations_mark}(ids integer[]) returns void
language plpgsql
security definer
as $$
begin
  insert into {conversation_marks} (customer_id) select i.id from pg_catalog.unnest(ids) as i (id);
  perform pg_catalog.set_config('crm.has_marks_of_' || {agent_prefix}, 'yes', true);
end
$$;

-- Locks the rows of these customers and computes them, but for those that somebody else has locked: those it marks.
create function {crm}.{conversations_take}(ids integer[]) returns void
language plpgsql
security definer
as $$
declare
  taken integer[];
  passed_over integer[];
begin
  -- Of customers that the same statement has made, whose triggers may come later.
  insert into {conversations} (customer_id)
  select k.id from {customers} k
  where k.id = any (ids) and not exists (select from {conversations} c where c.customer_id = k.id)
  order by k.id
  on conflict (customer_id) do nothing;
  taken := array(
    select c.customer_id from {conversations} c where c.customer_id = any (ids)
    order by c.customer_id
    for no key update skip locked
  );
  passed_over := array(
    select c.customer_id from {conversations} c where c.customer_id = any (ids) and c.customer_id <> all (taken)
  );
  if passed_over <> '{}' then
    perform {crm}.{conversations_mark}(passed_over);
  end if;
  if taken <> '{}' then
    perform {crm}.{conversations_recompute}(taken);
  end if;
end
$$;

create function {crm}.{conversations_add_customers}() returns trigger
language plpgsql
security definer
as $$
begin
  insert into {conversations} (customer_id) select n.id from new_rows n order by n.id on conflict (customer_id) do nothing;
  return null;
end
$$;

-- What new messages change can be told from the row and them alone, unless an answer comes behind a later message, or some
-- of several are read or answered and some not. Row by row, because the plan of a join, kept by the session, would be that
-- of the first statement: for a single message it would read all of the table, if that was an import or the table small.
create function {crm}.{conversations_add_messages}() returns trigger
language plpgsql
security definer
set enable_seqscan = off
as $$
declare
  r record;
  n record;
  c {conversations};
  is_told boolean;
  untold integer[] := '{}';
begin
  -- A trigger of the host's that answers is run within the statement that it answers: either could count the other's.
  if pg_catalog.pg_trigger_depth() > 1 then
    perform {crm}.{conversations_mark}(array(select distinct m.customer_id from new_rows m));
    return null;
  end if;
  -- Something that the same statement has changed or deleted, or a trigger of the host's within it, was computed with the new
  -- rows in it, or these are gone by now: an upsert, MERGE, WITH.
  if pg_catalog.current_setting('crm.computed_of_' || {agent_prefix}, true) = extract(epoch from pg_catalog.statement_timestamp())::text then
    perform {crm}.{conversations_take}(array(select distinct m.customer_id from new_rows m));
    return null;
  end if;
  -- As nearly always: what follows says the same for one as for several.
  select m.*, (select pg_catalog.count(*) from new_rows) as number into r from new_rows m limit 1;
  if r.number = 1 then
    update {conversations} k set
      last_message_at = greatest(k.last_message_at, r.timestamp),
      last_message_id = case when (r.timestamp, r.id) > (k.last_message_at, k.last_message_id) then r.id else k.last_message_id end,
      last_inbound_at = case when r.direction::text = 'inbound' then greatest(k.last_inbound_at, r.timestamp) else k.last_inbound_at end,
      last_inbound_id = case
        when r.direction::text = 'inbound' and ((r.timestamp, r.id) > (k.last_inbound_at, k.last_inbound_id)) is not false then r.id
        else k.last_inbound_id
      end,
      phone_number_id = case
        when r.direction::text = 'inbound' and ((r.timestamp, r.id) > (k.last_inbound_at, k.last_inbound_id)) is not false
          then {crm}.{conversations_number}(r.id)
        else k.phone_number_id
      end,
      last_outbound_at = case when r.direction::text = 'outbound' then greatest(k.last_outbound_at, r.timestamp) else k.last_outbound_at end,
      last_outbound_id = case
        when r.direction::text = 'outbound' and ((r.timestamp, r.id) > (k.last_outbound_at, k.last_outbound_id)) is not false then r.id
        else k.last_outbound_id
      end,
      unread = k.unread
        + (r.direction::text = 'inbound' and ((r.timestamp, r.id) > (k.read_up_to_at, k.read_up_to_id)) is not false)::integer,
      waiting_since = case
        when r.direction::text = 'inbound' then
          case
            when ((pg_catalog.date_trunc('second', r.timestamp), r.id)
              > (pg_catalog.date_trunc('second', k.last_outbound_at), k.last_outbound_id)) is false then k.waiting_since
            else least(k.waiting_since, r.timestamp)
          end
        when ((r.timestamp, r.id) > (k.last_outbound_at, k.last_outbound_id)) is false then k.waiting_since
      end
    where k.customer_id = r.customer_id and r.timestamp is not null and k.last_message_id is not null
      and (r.direction::text = 'inbound'
        or ((r.timestamp, r.id) > (k.last_outbound_at, k.last_outbound_id)) is false
        or k.last_inbound_id is null
        or pg_catalog.date_trunc('second', k.last_inbound_at) < pg_catalog.date_trunc('second', r.timestamp)
        or k.last_inbound_at = pg_catalog.date_trunc('second', k.last_inbound_at)
          and (k.last_inbound_at, k.last_inbound_id) < (pg_catalog.date_trunc('second', r.timestamp), r.id))
      and (select true from {conversations} l where l.customer_id = r.customer_id for no key update skip locked);
    if found then
      return null;
    end if;
  end if;
  for n in
    select m.customer_id, pg_catalog.max(m.timestamp) as last_at,
      (pg_catalog.array_agg(m.id order by m.timestamp desc, m.id desc))[1] as last_id,
      pg_catalog.max(m.timestamp) filter (where m.direction::text = 'inbound') as inbound_at,
      (pg_catalog.array_agg(m.id order by m.timestamp desc, m.id desc) filter (where m.direction::text = 'inbound'))[1] as inbound_id,
      pg_catalog.max(m.timestamp) filter (where m.direction::text = 'outbound') as outbound_at,
      (pg_catalog.array_agg(m.id order by m.timestamp desc, m.id desc) filter (where m.direction::text = 'outbound'))[1] as outbound_id,
      pg_catalog.min(m.timestamp) filter (where m.direction::text = 'inbound') as first_at,
      (pg_catalog.array_agg(m.id order by m.timestamp, m.id) filter (where m.direction::text = 'inbound'))[1] as first_id,
      pg_catalog.count(*) filter (where m.direction::text = 'inbound') as inbound
    from new_rows m
    where m.timestamp is not null
    group by m.customer_id
    order by m.customer_id
  loop
    select * into c from {conversations} k where k.customer_id = n.customer_id for no key update skip locked;
    if not found then
      if exists (select from {conversations} k where k.customer_id = n.customer_id) then
        perform {crm}.{conversations_mark}(array[n.customer_id]);
      else
        -- Of a customer that the same statement has made. For one that is locked, this would wait.
        insert into {conversations} (customer_id) values (n.customer_id) on conflict (customer_id) do nothing;
        untold := untold || n.customer_id;
      end if;
      continue;
    end if;
    is_told := c.last_message_id is not null;
    if (n.last_at, n.last_id) > (c.last_message_at, c.last_message_id) then
      c.last_message_at := n.last_at;
      c.last_message_id := n.last_id;
    end if;
    if n.outbound_id is not null
      and (c.last_outbound_id is null or (n.outbound_at, n.outbound_id) > (c.last_outbound_at, c.last_outbound_id))
    then
      -- In its second, one from the customer that isn't the last by time may have a greater id, unless all have whole seconds.
      is_told := is_told and (c.last_inbound_id is null
        or pg_catalog.date_trunc('second', c.last_inbound_at) < pg_catalog.date_trunc('second', n.outbound_at)
        or c.last_inbound_at = pg_catalog.date_trunc('second', c.last_inbound_at)
          and (c.last_inbound_at, c.last_inbound_id) < (pg_catalog.date_trunc('second', n.outbound_at), n.outbound_id));
      c.last_outbound_at := n.outbound_at;
      c.last_outbound_id := n.outbound_id;
      c.waiting_since := null;
    end if;
    if n.inbound > 0 then
      if c.read_up_to_id is null or (n.first_at, n.first_id) > (c.read_up_to_at, c.read_up_to_id) then
        c.unread := c.unread + n.inbound;
      elsif (n.inbound_at, n.inbound_id) > (c.read_up_to_at, c.read_up_to_id) then
        is_told := false;
      end if;
      if c.last_outbound_id is null
        or (pg_catalog.date_trunc('second', n.first_at), n.first_id) > (pg_catalog.date_trunc('second', c.last_outbound_at), c.last_outbound_id)
      then
        c.waiting_since := least(c.waiting_since, n.first_at);
      elsif n.inbound_at >= pg_catalog.date_trunc('second', c.last_outbound_at) then
        is_told := false;
      end if;
      if c.last_inbound_id is null or (n.inbound_at, n.inbound_id) > (c.last_inbound_at, c.last_inbound_id) then
        c.last_inbound_at := n.inbound_at;
        c.last_inbound_id := n.inbound_id;
        c.phone_number_id := {crm}.{conversations_number}(n.inbound_id);
      end if;
    end if;
    if is_told then
      update {conversations} k set
        last_message_at = c.last_message_at,
        last_message_id = c.last_message_id,
        last_inbound_at = c.last_inbound_at,
        last_inbound_id = c.last_inbound_id,
        last_outbound_at = c.last_outbound_at,
        last_outbound_id = c.last_outbound_id,
        phone_number_id = c.phone_number_id,
        unread = c.unread,
        waiting_since = c.waiting_since
      where k.customer_id = n.customer_id;
    else
      untold := untold || n.customer_id;
    end if;
  end loop;
  if untold <> '{}' then
    perform {crm}.{conversations_recompute}(untold);
  end if;
  return null;
end
$$;

create function {crm}.{conversations_change_messages}() returns trigger
language plpgsql
security definer
as $$
declare
  ids integer[];
begin
  if tg_op = 'UPDATE' then
    -- Of whom a message has another time, direction or customer: not a text. No join, whose plan would be kept.
    ids := array(
      select r.customer_id
      from (
        select o.id, o.customer_id, o.timestamp, o.direction::text as direction from old_rows o
        union all
        select n.id, n.customer_id, n.timestamp, n.direction::text from new_rows n
      ) as r
      group by r.id, r.customer_id, r.timestamp, r.direction
      having pg_catalog.count(*) = 1
    );
  elsif tg_op = 'DELETE' then
    ids := array(select distinct o.customer_id from old_rows o);
  else
    ids := array(select c.customer_id from {conversations} c);
  end if;
  if ids <> '{}' then
    perform {crm}.{conversations_take}(ids);
  end if;
  return null;
end
$$;

-- Takes those of these that a user has from that one.
create function {crm}.{conversations_unassign}(ids integer[], user_id uuid, changed_by uuid) returns void
language plpgsql
security definer
as $$
begin
  with released as (
    update {conversations} c set
      assignee = null,
      version = c.version + 1,
      changed_at = pg_catalog.timezone('utc', pg_catalog.now()),
      changed_by = {conversations_unassign}.changed_by
    where c.customer_id = any (ids) and c.assignee = user_id
    returning c.customer_id, c.version, c.changed_by, c.changed_at
  )
  insert into {conversation_changes} (customer_id, version, kind, previous_assignee, changed_by, changed_at)
  select r.customer_id, r.version, 'unassigned', user_id, r.changed_by, r.changed_at
  from released r
  order by r.customer_id;
end
$$;

-- Of marked rows that the caller has locked by an earlier statement. Who was removed meanwhile has none of them.
create function {crm}.{conversations_settle_taken}(ids integer[]) returns void
language plpgsql
security definer
as $$
declare
  assigned uuid;
begin
  perform {crm}.{conversations_recompute}(ids);
  for assigned in
    select distinct c.assignee
    from {conversations} c
    where c.customer_id = any (ids) and c.assignee is not null
  loop
    if not {crm}.inbox_is_colleague({agent_id}::bigint, assigned) then
      perform {crm}.{conversations_unassign}(ids, assigned, null);
    end if;
  end loop;
end
$$;

-- At commit, who has marked rows waits for whoever has them, once and for less than deadlock_timeout. Who has one longer
-- settles it; and so that neither thinks that the other one will, the last look here excludes those of others below.
create function {crm}.{conversations_settle_marks}() returns void
language plpgsql
security definer
set lock_timeout = '50ms'
as $$
declare
  ids integer[] := array(select distinct k.customer_id from {conversation_marks} k order by 1);
  taken integer[];
  lock_key bigint := pg_catalog.hashtextextended('conversations of ' || {agent_prefix}, 'agents'::regclass::oid::bigint);
begin
  perform pg_catalog.set_config('crm.has_marks_of_' || {agent_prefix}, '', true);
  for attempt in 1..4 loop
    taken := '{}';
    begin
      if attempt = 2 then
        perform from {conversations} c where c.customer_id = any (ids) order by c.customer_id limit 1 for no key update;
      elsif attempt = 3 then
        -- Who shares the lock by now, from marks that the commit itself has made, doesn't wait: another such one would be a
        -- deadlock.
        if exists (
          select from pg_catalog.pg_locks l
          where l.pid = pg_catalog.pg_backend_pid() and l.locktype = 'advisory' and l.mode = 'ShareLock' and l.objsubid = 1::smallint
            and (l.classid::bigint << 32 | l.objid::bigint) = lock_key
        ) then
          perform pg_catalog.pg_try_advisory_xact_lock(lock_key);
        else
          perform pg_catalog.pg_advisory_xact_lock(lock_key);
        end if;
      end if;
      taken := array(
        select c.customer_id from {conversations} c where c.customer_id = any (ids)
        order by c.customer_id
        for no key update skip locked
      );
    exception
      -- Where a row is changed at this very moment, what passes it over may wait, too.
      when lock_not_available then
        null;
    end;
    if taken <> '{}' then
      perform {crm}.{conversations_settle_taken}(taken);
    end if;
    ids := array(
      select i.id from pg_catalog.unnest(ids) as i (id)
      where i.id <> all (taken) and exists (select from {conversations} c where c.customer_id = i.id)
    );
    exit when ids = '{}';
  end loop;
end
$$;

-- Less than deadlock_timeout. statement_timeout isn't in force at commit, and whoever excludes others may have been prepared, or
-- idle behind SET CONSTRAINTS: what that one marks, the agent's next write counts.
create function {crm}.{conversations_wait}() returns void
language plpgsql
security definer
set lock_timeout = '50ms'
as $$
begin
  perform pg_catalog.pg_advisory_xact_lock_shared(
    pg_catalog.hashtextextended('conversations of ' || {agent_prefix}, 'agents'::regclass::oid::bigint));
exception
  when lock_not_available then
    null;
end
$$;

-- At commit, who has had a row looks whether it was marked meanwhile. The marks of one's own come first, because whoever
-- shares the lock can't exclude others any more.
create function {crm}.{conversations_settle}() returns trigger
language plpgsql
security definer
as $$
begin
  if pg_catalog.current_setting('crm.has_marks_of_' || {agent_prefix}, true) = 'yes' then
    perform {crm}.{conversations_settle_marks}();
  end if;
  if tg_argv[0] = 'row' then
    -- A condition: PERFORM starts a query, which takes longer than the lock.
    if not pg_catalog.pg_try_advisory_xact_lock_shared(
      pg_catalog.hashtextextended('conversations of ' || {agent_prefix}, 'agents'::regclass::oid::bigint))
    then
      perform {crm}.{conversations_wait}();
    end if;
    -- Those of others, too, which a transaction that had the row and was rolled back has left.
    -- As a rule the size tells without a query that there are none.
    if pg_catalog.pg_relation_size('{conversation_marks}'::regclass) > 0 then
      if exists (select from {conversation_marks}) then
        perform {crm}.{conversations_settle_taken}(array(
          select c.customer_id from {conversations} c
          where c.customer_id in (select k.customer_id from {conversation_marks} k)
          order by c.customer_id
          for no key update skip locked
        ));
        -- Of customers who are gone.
        delete from {conversation_marks} d
        where d.id in (
          select k.id from {conversation_marks} k
          where not exists (select from {conversations} c where c.customer_id = k.customer_id)
          for update skip locked
        );
      end if;
    end if;
  end if;
  return null;
end
$$;

create function {crm}.inbox_is_colleague(agent_id bigint, user_id uuid) returns boolean
language plpgsql
security definer
as $$
begin
  -- Who is being removed isn't waited for: the conversations of that one are being given back.
  perform from agent_members m
  where m.agent_id = inbox_is_colleague.agent_id and m.user_id = inbox_is_colleague.user_id
  for key share skip locked;
  if found then
    return true;
  end if;
  perform from agents a where a.id = inbox_is_colleague.agent_id and a.user_id = inbox_is_colleague.user_id
  for key share skip locked;
  return found;
end
$$;

-- Up to which of the customer's messages a mark at a message goes. Those have WhatsApp's clock and answers the server's, which
-- may be ahead, and what the customer writes crosses with an answer. So a mark at an answer goes up to the customer's last
-- message before it, and within a minute that is the one that was stored before it: what comes later, and was written after
-- that one, hasn't been seen. A mark at the last message of all goes up to all that is there.
create function {crm}.{conversations_position}(
  customer integer, message_id integer, last_id integer, last_inbound_at timestamp without time zone, last_inbound_id integer,
  out at timestamp without time zone, out id integer)
language plpgsql
stable
security definer
as $$
declare
  is_inbound boolean;
  named_at timestamp without time zone;
begin
  select m.timestamp, m.direction::text = 'inbound' into named_at, is_inbound
  from {messages} m
  where m.id = message_id and m.customer_id = customer and m.timestamp is not null;
  if not found then
    raise exception 'message % is not of customer % of agent %, or has no time', message_id, customer, {agent_prefix}
      using errcode = 'foreign_key_violation', hint = 'Name the last message that was seen of this conversation.';
  end if;
  at := named_at;
  id := message_id;
  if is_inbound then
    return;
  end if;
  if message_id = last_id then
    at := last_inbound_at;
    id := last_inbound_id;
  else
    select m.timestamp, m.id into at, id
    from {messages} m
    where m.customer_id between customer and customer and m.direction::text = 'inbound'
      and (m.timestamp, m.id) < (named_at, message_id)
      and (m.id < message_id or m.timestamp < named_at - interval '1 minute')
    order by m.customer_id, m.timestamp desc, m.id desc
    limit 1;
  end if;
  if at is null then
    at := least(named_at, pg_catalog.timezone('utc', pg_catalog.now())) - interval '1 minute';
  end if;
  id := greatest(id, message_id);
end
$$;

-- What people may set, by UPDATE of the columns that are granted to them.
create function {crm}.{conversations_set}() returns trigger
language plpgsql
security definer
as $$
declare
  seen record;
  has_status boolean := new.changed_at = 'infinity'; -- whether the statement names the columns of the status
  is_named boolean := new.set_up_to_at = 'infinity'; -- whether it names the last message that was seen
  kind text;
begin
  new.changed_at := old.changed_at;
  if has_status then
    if new.set_status not in ('open', 'snoozed', 'closed') then
      raise exception 'a conversation of agent % can not be %', {agent_prefix}, pg_catalog.quote_literal(new.set_status)
        using errcode = 'check_violation', hint = 'Set set_status to open, snoozed or closed.';
    end if;
    new.set_up_to_at := null;
    if new.set_status = 'open' then
      new.set_up_to_id := null;
    elsif not coalesce(is_named, false) then
      new.set_up_to_id := new.last_message_id;
    end if;
    if new.set_up_to_id is not null then
      seen := {crm}.{conversations_position}(
        new.customer_id, new.set_up_to_id, new.last_message_id, new.last_inbound_at, new.last_inbound_id);
      new.set_up_to_at := seen.at;
      new.set_up_to_id := seen.id;
    end if;
    -- Moved back, it would open what somebody else has closed, with neither a version nor a name.
    if new.set_status <> 'open' and old.set_status <> 'open' and old.set_up_to_id is not null
      and ((new.set_up_to_at, new.set_up_to_id) >= (old.set_up_to_at, old.set_up_to_id)) is not true
    then
      new.set_up_to_at := old.set_up_to_at;
      new.set_up_to_id := old.set_up_to_id;
    end if;
    if new.set_status <> 'snoozed' and new.snoozed_until is not distinct from old.snoozed_until then
      new.snoozed_until := null;
    end if;
    if new.set_status <> old.status or new.set_status = 'snoozed' and new.snoozed_until is distinct from old.snoozed_until then
      kind := case new.set_status when 'open' then 'opened' else new.set_status end;
    end if;
  end if;
  if new.assignee is distinct from old.assignee then
    if not {crm}.inbox_is_colleague({agent_id}::bigint, new.assignee) and new.assignee is not null then
      raise exception 'user % does not work with agent %', new.assignee, {agent_prefix}
        using errcode = 'WA004', hint = 'Assign it to the agent''s user or to a member.';
    end if;
  elsif kind is null then
    return new;
  end if;
  new.version := old.version + 1;
  new.changed_at := pg_catalog.timezone('utc', pg_catalog.now());
  new.changed_by := auth.uid();
  insert into {conversation_changes} (
    customer_id, version, kind, assignee, previous_assignee, up_to_id, snoozed_until, changed_by, changed_at)
  select new.customer_id, new.version, k.kind, new.assignee, old.assignee, case when k.is_status then new.set_up_to_id end,
    case when k.is_status then new.snoozed_until end, new.changed_by, new.changed_at
  from (
    values (1, true, kind),
      (2, false, case
        when new.assignee is not distinct from old.assignee then null
        when new.assignee is null then 'unassigned'
        else 'assigned'
      end)
  ) as k (place, is_status, kind)
  where k.kind is not null
  order by k.place;
  return new;
end
$$;

create function {crm}.{conversations_name}() returns trigger
language plpgsql
as $$
begin
  -- A trigger can't tell a column that was set to what it held from one that wasn't set, but which column fires it.
  if tg_argv[0] = 'message' then
    new.set_up_to_at := 'infinity';
  else
    new.changed_at := 'infinity';
  end if;
  return new;
end
$$;

create function {crm}.{conversations_read}() returns trigger
language plpgsql
security definer
as $$
declare
  seen record;
begin
  new.read_up_to_at := old.read_up_to_at;
  if new.read_up_to_id is null then
    new.read_up_to_id := old.read_up_to_id;
    return new;
  end if;
  seen := {crm}.{conversations_position}(
    new.customer_id, new.read_up_to_id, new.last_message_id, new.last_inbound_at, new.last_inbound_id);
  new.read_up_to_at := seen.at;
  new.read_up_to_id := seen.id;
  if (new.read_up_to_at, new.read_up_to_id) <= (old.read_up_to_at, old.read_up_to_id) then
    new.read_up_to_at := old.read_up_to_at;
    new.read_up_to_id := old.read_up_to_id;
    return new;
  end if;
  new.unread := (
    select pg_catalog.count(*)
    from {messages} m
    where m.customer_id = new.customer_id and m.direction::text = 'inbound' and m.timestamp >= new.read_up_to_at
      and (m.timestamp, m.id) > (new.read_up_to_at, new.read_up_to_id)
  );
  return new;
end
$$;

-- Of two conversations that become one: the assignee and the lesser read mark stay, and open goes before snoozed, snoozed
-- before closed. The messages follow, and have it computed.
create function {crm}.{conversations_join}() returns trigger
language plpgsql
security definer
as $$
declare
  kept {conversations};
begin
  select * into kept from {conversations} k where k.customer_id = new.customer_id for no key update;
  if not found then
    return new;
  end if;
  if kept.assignee is null then
    kept.assignee := old.assignee;
  end if;
  if old.last_message_id is not null and (
      kept.last_message_id is null or old.read_up_to_id is null
      or (old.read_up_to_at, old.read_up_to_id) < (kept.read_up_to_at, kept.read_up_to_id)
    )
  then
    kept.read_up_to_at := old.read_up_to_at;
    kept.read_up_to_id := old.read_up_to_id;
  end if;
  kept.snoozed_until := case when kept.status = 'snoozed' then kept.snoozed_until end;
  if kept.last_message_id is null or old.last_message_id is not null and (
      old.status = 'open' or old.status = 'snoozed' and kept.status <> 'open'
    )
  then
    kept.set_status := old.status;
    kept.snoozed_until := case when old.status = 'snoozed' then least(kept.snoozed_until, old.snoozed_until) end;
  else
    kept.set_status := kept.status;
  end if;
  if kept.set_status = 'open' then
    kept.set_up_to_at := null;
    kept.set_up_to_id := null;
  elsif kept.set_up_to_id is null or (old.set_up_to_at, old.set_up_to_id) > (kept.set_up_to_at, kept.set_up_to_id) then
    kept.set_up_to_at := old.set_up_to_at;
    kept.set_up_to_id := old.set_up_to_id;
  end if;
  -- With the version, so that this isn't taken for what somebody sets.
  update {conversations} k set
    assignee = kept.assignee,
    read_up_to_at = kept.read_up_to_at,
    read_up_to_id = kept.read_up_to_id,
    set_status = kept.set_status,
    set_up_to_at = kept.set_up_to_at,
    set_up_to_id = kept.set_up_to_id,
    snoozed_until = kept.snoozed_until,
    version = greatest(kept.version, old.version) + 1,
    changed_at = pg_catalog.timezone('utc', pg_catalog.now()),
    changed_by = auth.uid()
  where k.customer_id = new.customer_id;
  update {conversation_changes} h set customer_id = new.customer_id where h.customer_id = old.customer_id;
  perform {crm}.{conversations_recompute}(array[new.customer_id]);
  return null;
end
$$;

-- For the triggers that know when somebody stops working with the agent.
create function {crm}.{conversations_release}(user_id uuid) returns void
language plpgsql
security definer
as $$
declare
  taken integer[];
  passed_over integer[];
begin
  if {crm}.inbox_is_colleague({agent_id}::bigint, user_id) then
    return;
  end if;
  -- Who is removed may have one locked, and goes all the same. It is marked for whoever ends, and unassigned then.
  taken := array(
    select c.customer_id from {conversations} c where c.assignee = user_id
    order by c.customer_id
    for no key update skip locked
  );
  passed_over := array(
    select c.customer_id from {conversations} c where c.assignee = user_id and c.customer_id <> all (taken)
  );
  if passed_over <> '{}' then
    perform {crm}.{conversations_mark}(passed_over);
  end if;
  perform {crm}.{conversations_unassign}(taken, user_id, auth.uid());
end
$$;

create function {crm}.{conversation_tags_join}() returns trigger
language plpgsql
as $$
begin
  -- The other one has it. This row goes with its customer.
  if exists (select from {conversation_tags} t where t.customer_id = new.customer_id and t.tag = new.tag) then
    return null;
  end if;
  return new;
end
$$;

create function {crm}.{conversations_rebuild}() returns bigint
language plpgsql
security definer
as $$
declare
  ids integer[];
begin
  insert into {conversations} (customer_id) select c.id from {customers} c order by c.id on conflict (customer_id) do nothing;
  ids := array(select c.customer_id from {conversations} c order by c.customer_id for no key update);
  perform {crm}.{conversations_recompute}(ids);
  delete from {conversation_marks} k where k.customer_id <> all (ids);
  return pg_catalog.cardinality(ids);
end
$$;

create function {crm}.{conversations_differences}(newest integer) returns bigint
language plpgsql
stable
security definer
as $$
declare
  ids integer[] := array(select k.id from {customers} k order by k.id desc limit newest) || array(
    select c.customer_id from {conversations} c where c.last_message_id is not null
    order by c.last_message_at desc, c.last_message_id desc limit newest);
begin
  return (
    select pg_catalog.count(*)
    from {customers} k
    left join {conversations} c on c.customer_id = k.id
    left join {crm}.{conversations_computed}(ids) as n on n.customer_id = k.id
    where k.id = any (ids)
      and (c.customer_id is null or (c.last_message_at, c.last_message_id, c.last_inbound_at, c.last_inbound_id,
          c.last_outbound_at, c.last_outbound_id, c.phone_number_id, c.is_group, c.unread, c.waiting_since)
        is distinct from (n.last_message_at, n.last_message_id, n.last_inbound_at, n.last_inbound_id, n.last_outbound_at,
          n.last_outbound_id, n.phone_number_id, n.is_group, n.unread, n.waiting_since))
  );
end
$$;

create trigger add_conversations after insert on {customers} referencing new table as new_rows
  for each statement execute function {crm}.{conversations_add_customers}();
create trigger conversations_inserted after insert on {messages} referencing new table as new_rows
  for each statement execute function {crm}.{conversations_add_messages}();
create trigger conversations_updated after update on {messages} referencing old table as old_rows new table as new_rows
  for each statement execute function {crm}.{conversations_change_messages}();
create trigger conversations_deleted after delete on {messages} referencing old table as old_rows
  for each statement execute function {crm}.{conversations_change_messages}();
create trigger conversations_truncated after truncate on {messages}
  for each statement execute function {crm}.{conversations_change_messages}();
create constraint trigger settle after update on {conversations} deferrable initially deferred
  for each row execute function {crm}.{conversations_settle}('row');
create constraint trigger settle after insert on {conversation_marks} deferrable initially deferred
  for each row execute function {crm}.{conversations_settle}('mark');
-- In the order of their names: the last one counts the version, which ends what somebody sets.
create trigger set_1_read before update of read_up_to_id on {conversations}
  for each row when (new.version = old.version) execute function {crm}.{conversations_read}();
create trigger set_2_message before update of set_up_to_id on {conversations}
  for each row when (new.version = old.version) execute function {crm}.{conversations_name}('message');
create trigger set_3_status before update of set_status, set_up_to_id, snoozed_until on {conversations}
  for each row when (new.version = old.version) execute function {crm}.{conversations_name}('status');
create trigger set_4_all before update of set_status, set_up_to_id, snoozed_until, assignee on {conversations}
  for each row when (new.version = old.version) execute function {crm}.{conversations_set}();
create trigger join_conversation before update of customer_id on {conversations}
  for each row when (new.customer_id <> old.customer_id) execute function {crm}.{conversations_join}();
create trigger join_tags before update of customer_id on {conversation_tags}
  for each row when (new.customer_id <> old.customer_id) execute function {crm}.{conversation_tags_join}();

-- What is derived, only triggers write. Who writes a tag or a note is not for the writer to say.
revoke insert, update, delete on {conversations} from authenticated, service_role;
grant update (customer_id, set_status, set_up_to_id, snoozed_until, assignee, read_up_to_id) on {conversations}
  to authenticated, service_role;
revoke insert, update on {conversation_tags} from authenticated, service_role;
grant insert (customer_id, tag), update (customer_id) on {conversation_tags} to authenticated, service_role;
revoke insert, update on {conversation_notes} from authenticated, service_role;
grant insert (customer_id, note), update (customer_id) on {conversation_notes} to authenticated, service_role;
revoke insert, update, delete on {conversation_changes} from authenticated, service_role;
revoke select, insert, update, delete on {conversation_marks} from authenticated;
-- Whoever archives an agent reads all of it.
revoke insert, update, delete on {conversation_marks} from service_role;

-- Writers of messages wait from here on until all are counted: the triggers have taken SHARE ROW EXCLUSIVE.
select {crm}.{conversations_rebuild}();
