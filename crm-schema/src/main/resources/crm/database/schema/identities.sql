begin;
-- Identities: who a message of WhatsApp's is from. A user id is a person's for ever, a phone number for a time.
--
-- Run by psql into the current schema, after extensions.sql and ahead of webhooks.sql. Run again, it changes nothing.
-- CrmSchema.install runs it; Webhooks of crm-core needs it, besides the tables that its extension whatsapp_webhooks makes.

-- All settings end with this transaction. Each function keeps the search_path of the moment it is made, so the same file
-- installs into any schema.
do $$
declare
  private_schema text := case current_schema() when 'public' then 'crm_private' else current_schema()::text || '_private' end;
begin
  if current_schema() is null then
    raise exception 'there is no schema to install into'
      using errcode = 'invalid_schema_name',
        hint = 'Set search_path to a schema that exists, for example: set search_path = public;';
  end if;
  if getdatabaseencoding() <> 'UTF8' then
    raise exception 'database % is encoded in %, which lacks most of what people write in messages',
      current_database(), getdatabaseencoding()
      using errcode = 'feature_not_supported',
        hint = 'Use one that is encoded in UTF8: create database ... encoding ''UTF8'' template template0;';
  end if;
  -- The names of schemas are compared as text.
  perform set_config('quote_all_identifiers', 'off', true), set_config('standard_conforming_strings', 'on', true);
  perform
    set_config('crm.schema_path', format('%I, %I, pg_temp', current_schema(), private_schema), true),
    set_config('crm.private_path', format('%I, %I, pg_temp', private_schema, current_schema()), true),
    set_config('client_min_messages', 'warning', true);
  perform set_config('search_path', current_setting('crm.schema_path'), true);
end
$$;
set local lock_timeout = '10s';
set local statement_timeout = '10min';

do $$
begin
  perform set_config('search_path', current_setting('crm.private_path'), true);
end
$$;

-- They write what the extension whatsapp_webhooks of crm-core has made for each agent. They run with the rights of whoever
-- calls them, so row level security decides which agent that can be.

-- The same as PhoneKeys of crm-core, for the index on the customers of each agent.
create or replace function phone_key(phone text) returns text
language sql
immutable strict parallel safe
set search_path from current
as $$
  select case
    when d.digits !~ '^[0-9]+$' then phone
    when d.digits ~ '^549[0-9]{10}$' then '54' || pg_catalog.substr(d.digits, 4)
    when d.digits ~ '^521[0-9]{10}$' then '52' || pg_catalog.substr(d.digits, 4)
    when d.digits ~ '^55[1-9][0-9][6-9][0-9]{7}$' then pg_catalog.left(d.digits, 4) || '9' || pg_catalog.substr(d.digits, 5)
    else d.digits
  end
  from (
    -- Blanks and what breaks lines, too.
    select pg_catalog.regexp_replace(
      pg_catalog.translate(phone, '+().-/ ' || pg_catalog.chr(160) || pg_catalog.chr(9) || pg_catalog.chr(10)
        || pg_catalog.chr(11) || pg_catalog.chr(12) || pg_catalog.chr(13), ''),
      '^(00)+', '') as digits
  ) as d
$$;
comment on function phone_key(text) is 'The same for all ways to write one phone number: its digits, with Brazil''s 9,'
  ' without Mexico''s 1 and Argentina''s 9. What is no number is its own key.';

-- A position is a time and the provider's id of what told it, as text that sorts: so the end is the same in whatever order
-- things are told. Of each pair of user id and number, the first and the last position count, and each message that came by
-- both.
create or replace function trace_people(events jsonb) returns jsonb
language plpgsql
immutable
set search_path from current
as $$
declare
  event record;
  roots jsonb; -- of each user id the person: u and the least of the person's user ids
  holder jsonb := '{}'::jsonb; -- of each number the person who has it by now: as above, or n and a number that nobody else has
  keys text[] := '{}'::text[];
  positions text[] := '{}'::text[];
  people text[] := '{}'::text[];
  person text;
  present text;
  other text;
begin
  select coalesce(pg_catalog.jsonb_object_agg(i.id, 'u' || i.id), '{}') into roots
  from pg_catalog.jsonb_to_recordset(events) as e (user_id text, new_user_id text)
  cross join pg_catalog.unnest(array[e.user_id, e.new_user_id]) as i (id)
  where i.id <> '';
  for event in
    select e.*
    from pg_catalog.jsonb_to_recordset(events) as e (kind text, at text, user_id text, key text, new_user_id text, new_key text)
    -- What links user ids holds at all times.
    order by e.kind <> 'link', e.at collate "C", e.kind collate "C", e.user_id collate "C", e.key collate "C"
  loop
    present := holder ->> event.key;
    person := coalesce(roots ->> event.user_id, present);
    other := null;
    if event.kind = 'link' then
      other := roots ->> event.new_user_id;
    elsif event.kind = 'alone' and present is null then
      person := 'n' || event.key || ' ' || event.at;
    elsif event.kind = 'claim' and present <> person and pg_catalog.left(present, 1) = 'n' then
      other := present;
    elsif event.kind = 'change' then
      person := coalesce(person, roots ->> event.new_user_id, 'n' || event.key || ' ' || event.at);
      other := roots ->> event.new_user_id;
    end if;
    -- Two that are one: whoever has user ids goes before a number alone.
    if other <> person then
      if (pg_catalog.left(other, 1) = 'u' and pg_catalog.left(person, 1) = 'n')
        or pg_catalog.left(other, 1) = pg_catalog.left(person, 1) and other < person
      then
        select other, person into person, other;
      end if;
      select coalesce(pg_catalog.jsonb_object_agg(r.key, case when r.value = other then person else r.value end), '{}') into roots
      from pg_catalog.jsonb_each_text(roots) as r;
      select coalesce(pg_catalog.jsonb_object_agg(h.key, case when h.value = other then person else h.value end), '{}') into holder
      from pg_catalog.jsonb_each_text(holder) as h;
      people := pg_catalog.array_replace(people, other, person);
    end if;
    if event.kind = 'link' then
      continue;
    end if;
    if event.key <> '' and holder ->> event.key is distinct from person then
      holder := holder || pg_catalog.jsonb_build_object(event.key, person);
      keys := keys || event.key;
      positions := positions || event.at;
      people := people || person;
    end if;
    if event.new_key <> '' and event.new_key <> event.key then
      -- The old number ends, the new one begins; whoever had that one keeps the past.
      if event.key <> '' then
        holder := holder || pg_catalog.jsonb_build_object(event.key, null);
        keys := keys || event.key;
        positions := positions || event.at;
        people := people || null::text;
      end if;
      if holder ->> event.new_key is distinct from person then
        holder := holder || pg_catalog.jsonb_build_object(event.new_key, person);
        keys := keys || event.new_key;
        positions := positions || event.at;
        people := people || person;
      end if;
    end if;
  end loop;
  return pg_catalog.jsonb_build_object('roots', roots, 'holds', (
    select coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('key', h.key, 'at', h.at, 'person', h.person) order by h.n), '[]')
    from rows from (pg_catalog.unnest(keys), pg_catalog.unnest(positions), pg_catalog.unnest(people))
      with ordinality as h (key, at, person, n)));
end
$$;
comment on function trace_people(jsonb) is 'Who people are, from all that is known of some user ids and numbers: of each'
  ' user id the person, and of each number from which position on it is whose, null for nobody''s.';

create or replace function person_at(holds jsonb, key text, at text) returns text
language sql
immutable
set search_path from current
as $$
  select h.value ->> 'person'::text
  from pg_catalog.jsonb_array_elements(holds) with ordinality as h (value, n)
  where h.value ->> 'key'::text = person_at.key and (h.value ->> 'at'::text) collate "C" <= person_at.at
  order by h.n desc
  limit 1
$$;
comment on function person_at(jsonb, text, text) is 'Whose a number is at a position, of what trace_people() gives.';

create or replace function remember_sightings(prefix text, senders jsonb) returns void
language plpgsql
set search_path from current
as $$
begin
  execute pg_catalog.format(
    'insert into %I as t (user_id, phone, match_key, kind, first_seen, last_seen, name, named, username, username_seen,'
    '  parent_user_id)'
    ' select s.user_id, s.phone, s.match_key, pg_catalog.min(s.kind), pg_catalog.min(s.first_seen collate "C"), pg_catalog.max(s.last_seen collate "C"),'
    '  (pg_catalog.array_agg(s.name order by s.named collate "C" desc, s.name collate "C" desc) filter (where s.name is not null))[1],'
    '  pg_catalog.max(s.named collate "C"),'
    '  (pg_catalog.array_agg(s.username order by s.username_seen collate "C" desc, s.username collate "C" desc)'
    '    filter (where s.username is not null))[1],'
    '  pg_catalog.max(s.username_seen collate "C"), pg_catalog.max(s.parent_user_id collate "C")'
    ' from pg_catalog.jsonb_to_recordset($1) as s (user_id text, phone text, match_key text, kind text, first_seen text,'
    '  last_seen text, name text, named text, username text, username_seen text, parent_user_id text)'
    ' group by s.user_id, s.phone, s.match_key'
    ' on conflict (user_id, phone) do update set'
    '  first_seen = least(t.first_seen, excluded.first_seen),'
    '  last_seen = greatest(t.last_seen, excluded.last_seen),'
    '  name = case when (t.named, t.name) >= (excluded.named, excluded.name) or excluded.name is null'
    '    then t.name else excluded.name end,'
    '  named = greatest(t.named, excluded.named),'
    '  username = case when (t.username_seen, t.username) >= (excluded.username_seen, excluded.username)'
    '    or excluded.username is null then t.username else excluded.username end,'
    '  username_seen = greatest(t.username_seen, excluded.username_seen),'
    '  parent_user_id = greatest(t.parent_user_id, excluded.parent_user_id)',
    prefix || '_whatsapp_sightings')
  using senders;
  execute pg_catalog.format(
    'insert into %I (source, seen, user_id, phone, match_key, new_user_id, new_phone, new_match_key, ids)'
    ' select c.source, c.seen, c.user_id, c.phone, c.match_key, c.new_user_id, c.new_phone, c.new_match_key,'
    '  array('
    '    select i.id from pg_catalog.unnest(array[''u'' || c.user_id, ''u'' || c.new_user_id, ''p'' || c.match_key,'
    '      ''p'' || c.new_match_key]) as i (id)'
    '    where pg_catalog.length(i.id) > 1)'
    ' from pg_catalog.jsonb_array_elements($1) as s (sender)'
    ' cross join pg_catalog.jsonb_to_recordset(s.sender -> ''changes''::text) as c (source text, seen text, user_id text, phone text,'
    '  match_key text, new_user_id text, new_phone text, new_match_key text)'
    ' where s.sender ? ''changes''::text'
    ' on conflict (source) do nothing',
    prefix || '_whatsapp_changes')
  using senders;
end
$$;
comment on function remember_sightings(text, jsonb) is 'Keeps that people went by these user ids and numbers: of each pair'
  ' the first and the last position, and the newest names.';

create or replace function parts_of_senders(prefix text, senders jsonb) returns jsonb
language plpgsql
stable
set search_path from current
as $$
declare
  parts jsonb;
begin
  execute pg_catalog.format(
    'with recursive sender as materialized ('
    '  select s.number, case when s.user_id <> '''' then ''u'' || s.user_id else ''p'' || s.match_key end as seed'
    '  from pg_catalog.jsonb_to_recordset($1) as s (number integer, user_id text, match_key text)'
    '),'
    ' reach (seed, node) as ('
    '  select distinct s.seed collate "C", s.seed collate "C" from sender s'
    '  union'
    '  select r.seed, n.node'
    '  from reach r'
    '  cross join lateral ('
    '    select ''p'' || e.match_key as node from %1$I e'
    '    where pg_catalog.left(r.node, 1) = ''u'' and e.user_id = pg_catalog.substr(r.node, 2) and e.match_key <> '''''
    '    union all'
    '    select ''u'' || e.user_id from %1$I e'
    '    where pg_catalog.left(r.node, 1) = ''p'' and e.match_key = pg_catalog.substr(r.node, 2) and e.match_key <> '''' and e.user_id <> '''''
    '    union all'
    '    select i.id collate "C" from %2$I c cross join pg_catalog.unnest(c.ids) as i (id) where c.ids @> array[r.node::text]'
    '  ) as n'
    '),'
    ' part as materialized (select r.seed, pg_catalog.min(r.node collate "C") as name from reach r group by r.seed),'
    ' node as materialized (select distinct p.name, r.node from reach r join part p on p.seed = r.seed),'
    ' member as materialized ('
    '  select n.name, e.*'
    '  from node n'
    '  cross join lateral ('
    '    select e.user_id, e.phone, e.match_key, e.first_seen, e.last_seen, e.customer_id from %1$I e'
    '    where pg_catalog.left(n.node, 1) = ''u'' and e.user_id = pg_catalog.substr(n.node, 2)'
    '    union all'
    '    select e.user_id, e.phone, e.match_key, e.first_seen, e.last_seen, e.customer_id from %1$I e'
    '    where pg_catalog.left(n.node, 1) = ''p'' and e.match_key = pg_catalog.substr(n.node, 2) and e.match_key <> '''' and e.user_id = '''''
    '  ) as e'
    '),'
    ' mixed as materialized ('
    '  select m.name from member m where m.user_id <> '''' group by m.name having pg_catalog.count(distinct m.user_id) > 1'
    '  union'
    '  select n.name from node n where exists (select from %2$I c where c.ids @> array[n.node])'
    ')'
    ' select pg_catalog.jsonb_build_object('
    '  ''members'', (select coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('
    '    ''part'', m.name, ''is_mixed'', m.name in (select x.name from mixed x), ''user_id'', m.user_id,'
    '    ''phone'', m.phone, ''match_key'', m.match_key, ''first_seen'', m.first_seen, ''last_seen'', m.last_seen,'
    '    ''customer_id'', m.customer_id)), ''[]'') from member m),'
    '  ''senders'', (select coalesce(pg_catalog.jsonb_object_agg(s.number, p.name), ''{}'') from sender s join part p on p.seed = s.seed))',
    prefix || '_whatsapp_sightings', prefix || '_whatsapp_changes')
  into parts
  using senders;
  return parts;
end
$$;
comment on function parts_of_senders(text, jsonb) is 'What hangs together with these senders over user ids and numbers, each'
  ' part under its smallest id: its sightings, whether there may be several people in it, and the part of each sender.';

create or replace function trace_part(prefix text, senders jsonb, members jsonb) returns jsonb
language plpgsql
stable
set search_path from current
as $$
declare
  ids text[];
  keys text[];
  alone jsonb;
  told jsonb;
begin
  select pg_catalog.array_agg(distinct i.id) filter (where pg_catalog.length(i.id) > 1),
    pg_catalog.array_agg(distinct pg_catalog.substr(i.id, 2)) filter (where pg_catalog.left(i.id, 1) = 'p' and pg_catalog.length(i.id) > 1)
  into ids, keys
  from pg_catalog.jsonb_to_recordset(members) as m (user_id text, match_key text)
  cross join pg_catalog.unnest(array['u' || m.user_id, 'p' || m.match_key]) as i (id);
  -- What came by a number alone: now, and before.
  execute pg_catalog.format(
    'select coalesce(pg_catalog.jsonb_agg(pg_catalog.to_jsonb(a)), ''[]'')'
    ' from ('
    '  select null::integer as id, null::jsonb as consent, null::integer as customer_id, s.match_key as key, s.last_seen as at'
    '  from pg_catalog.jsonb_to_recordset($1) as s (user_id text, match_key text, last_seen text)'
    '  where s.user_id = '''' and s.match_key = any ($2)'
    '  union all'
    '  select m.id, null, m.customer_id, d.by_number,'
    '    pg_catalog.to_char(m.timestamp, ''YYYY-MM-DD HH24:MI:SS.US '') || d.provider_id'
    '  from %I d join %I m on m.id = d.message_id'
    '  where d.by_number = any ($2)'
    '  union all'
    '  select null, pg_catalog.to_jsonb(c), c.customer_id, e.match_key, pg_catalog.to_char(c.told_at, ''YYYY-MM-DD HH24:MI:SS.US '')'
    '  from pg_catalog.jsonb_to_recordset($3) as e (user_id text, phone text, match_key text)'
    '  join %I c on c.address = e.phone and c.user_id is null'
    '  where e.user_id = '''''
    ' ) as a',
    prefix || '_whatsapp_deliveries', prefix || '_messages', prefix || '_whatsapp_consents')
  into alone
  using senders, keys, members;
  execute pg_catalog.format(
    'select coalesce(pg_catalog.jsonb_agg(pg_catalog.to_jsonb(e)), ''[]'')'
    ' from ('
    '  select case when m.user_id = '''' then ''alone'' else ''claim'' end as kind, p.at, m.user_id, m.match_key as key,'
    '    null as new_user_id, null as new_key'
    '  from pg_catalog.jsonb_to_recordset($1) as m (user_id text, match_key text, first_seen text, last_seen text)'
    '  cross join pg_catalog.unnest(array[m.first_seen, m.last_seen]) as p (at)'
    '  union'
    '  select ''claim'', p.at, s.user_id, s.match_key, null, null'
    '  from pg_catalog.jsonb_to_recordset($2) as s (user_id text, match_key text, written jsonb)'
    '  cross join pg_catalog.jsonb_array_elements_text(s.written) as p (at)'
    '  where s.user_id <> '''' and s.match_key = any ($4)'
    '  union'
    '  select ''alone'', a.at, '''', a.key, null, null from pg_catalog.jsonb_to_recordset($3) as a (at text, key text)'
    '  union'
    '  select k.kind, c.seen, c.user_id, c.match_key, c.new_user_id, c.new_match_key'
    '  from %I c'
    '  cross join pg_catalog.unnest(array[''change'', ''link'']) as k (kind)'
    '  where c.ids && $5 and (k.kind = ''change'' or c.user_id <> '''' and c.new_user_id <> '''')'
    ' ) as e',
    prefix || '_whatsapp_changes')
  into told
  using members, senders, alone, keys, ids;
  return trace_people(told || claims_between(prefix, members, told)) || pg_catalog.jsonb_build_object('alone', alone);
end
$$;
comment on function trace_part(text, jsonb, jsonb) is 'What trace_people() says of what hangs together with senders, and each'
  ' message and consent that came by one of its numbers alone.';

create or replace function claims_between(prefix text, members jsonb, told jsonb) returns jsonb
language plpgsql
stable
set search_path from current
as $$
declare
  customers integer[];
  claims jsonb;
begin
  -- Where somebody else has a number between the first and the last time that a person is seen with it, it matters when
  -- else the person was. As nearly never: so it is read from messages, and not kept for all.
  select pg_catalog.array_agg(distinct m.customer_id) into customers
  from pg_catalog.jsonb_to_recordset(members) as m (user_id text, match_key text, first_seen text, last_seen text, customer_id integer)
  where m.user_id <> '' and m.match_key <> '' and m.customer_id is not null and exists (
    select
    from pg_catalog.jsonb_to_recordset(told) as e (kind text, at text, user_id text, key text, new_key text)
    where e.at collate "C" > m.first_seen and e.at collate "C" < m.last_seen
      and (e.kind = 'claim' and e.key = m.match_key and e.user_id <> m.user_id
        or e.kind = 'change' and m.match_key in (e.key, e.new_key))
  );
  if customers is null then
    return '[]'::jsonb;
  end if;
  execute pg_catalog.format(
    'select coalesce(pg_catalog.jsonb_agg(pg_catalog.to_jsonb(c)), ''[]'')'
    ' from ('
    '  select ''claim'' as kind, d.by_user_id as user_id, phone_key(d.payload ->> ''from''::text) as key,'
    '    pg_catalog.to_char(m.timestamp, ''YYYY-MM-DD HH24:MI:SS.US '') || d.provider_id as at'
    '  from %I m join %I d on d.message_id = m.id'
    '  where m.customer_id = any ($1) and m.direction::text = ''inbound'' and d.by_user_id is not null'
    ' ) as c'
    ' where (c.user_id, c.key) in ('
    '  select e.user_id, e.match_key from pg_catalog.jsonb_to_recordset($2) as e (user_id text, match_key text) where e.match_key <> '''')',
    prefix || '_messages', prefix || '_whatsapp_deliveries')
  into claims
  using customers, members;
  return claims;
end
$$;
comment on function claims_between(text, jsonb, jsonb) is 'When else people wrote with a number that somebody else had meanwhile,'
  ' as far as their messages tell.';

create or replace function moves_of_part(prefix text, members jsonb, traced jsonb) returns jsonb
language plpgsql
stable
set search_path from current
as $$
declare
  moves jsonb;
begin
  -- What came by a number alone, and what came by a user id of a customer that was taken for one with another until now.
  execute pg_catalog.format(
    'select coalesce(pg_catalog.jsonb_agg(pg_catalog.to_jsonb(a)), ''[]'')'
    ' from ('
    '  select a.id, a.consent, a.customer_id, person_at($1 -> ''holds''::text, a.key, a.at) as person'
    '  from pg_catalog.jsonb_to_recordset($1 -> ''alone''::text) as a ('
    '    id integer, consent jsonb, key text, at text, customer_id integer)'
    '  where a.customer_id is not null'
    '  union all'
    '  select m.id, null, m.customer_id, $1 -> ''roots''::text ->> d.by_user_id'
    '  from %1$I m join %2$I d on d.message_id = m.id'
    '  where $1 -> ''roots''::text ? d.by_user_id and m.customer_id = any ($2)'
    '  union all'
    '  select null, pg_catalog.to_jsonb(c), c.customer_id, $1 -> ''roots''::text ->> c.user_id'
    '  from %3$I c'
    '  where $1 -> ''roots''::text ? c.user_id and c.customer_id = any ($2)'
    ' ) as a',
    prefix || '_messages', prefix || '_whatsapp_deliveries', prefix || '_whatsapp_consents')
  into moves
  using traced, array(
    select o.customer_id from pg_catalog.jsonb_to_recordset(members) as o (user_id text, customer_id integer)
    where o.user_id <> '' and o.customer_id is not null
    group by o.customer_id
    having pg_catalog.count(distinct traced -> 'roots'::text ->> o.user_id) > 1);
  return moves;
end
$$;
comment on function moves_of_part(text, jsonb, jsonb) is 'Each message and consent that may be another person''s than was taken'
  ' for it, and the person.';

create or replace function people_of_senders(prefix text, senders jsonb) returns jsonb
language plpgsql
stable
set search_path from current
as $$
declare
  parts jsonb := parts_of_senders(prefix, senders);
  people_of jsonb := parts -> 'senders'::text;
  sightings jsonb;
  moves jsonb := '[]'::jsonb;
  part text;
  own jsonb;
  traced jsonb;
begin
  -- One person each, as nearly always.
  select coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('user_id', m.user_id, 'phone', m.phone, 'person', m.part,
    'usual_from', m.first_seen)), '[]')
  into sightings
  from pg_catalog.jsonb_to_recordset(parts -> 'members'::text) as m (part text, is_mixed boolean, user_id text, phone text, first_seen text)
  where not m.is_mixed;

  for part, own in
    select m.member ->> 'part'::text, pg_catalog.jsonb_agg(m.member)
    from pg_catalog.jsonb_array_elements(parts -> 'members'::text) as m (member)
    where (m.member -> 'is_mixed'::text)::boolean
    group by 1
    order by 1
  loop
    traced := trace_part(prefix, senders, own);
    select sightings || pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('user_id', p.user_id, 'phone', p.phone, 'person', p.person,
      'ended', case when p.match_key <> '' and l.person is distinct from p.person then p.ended end,
      'usual_from', case when p.match_key = '' then p.first_seen when l.person = p.person then l.at end))
    into sightings
    from (
      select m.*, e.ended,
        coalesce(traced -> 'roots'::text ->> m.user_id, person_at(traced -> 'holds'::text, m.match_key, m.last_seen)) as person
      from pg_catalog.jsonb_to_recordset(own) as m (user_id text, phone text, match_key text, first_seen text, last_seen text)
      cross join lateral (
        select pg_catalog.min(h.at collate "C") as ended
        from pg_catalog.jsonb_to_recordset(traced -> 'holds'::text) as h (key text, at text)
        where h.key = m.match_key and h.at collate "C" > m.last_seen
      ) as e
    ) as p
    left join lateral (
      select h.value ->> 'person'::text as person, h.value ->> 'at'::text as at
      from pg_catalog.jsonb_array_elements(traced -> 'holds'::text) with ordinality as h (value, n)
      where h.value ->> 'key'::text = p.match_key
      order by h.n desc
      limit 1
    ) as l on true;
    select people_of || coalesce(pg_catalog.jsonb_object_agg(s.number,
      coalesce(traced -> 'roots'::text ->> s.user_id, person_at(traced -> 'holds'::text, s.match_key, s.last_seen))), '{}')
    into people_of
    from pg_catalog.jsonb_to_recordset(senders) as s (number integer, user_id text, match_key text, last_seen text)
    where people_of ->> s.number::text = part;
    moves := moves || moves_of_part(prefix, own, traced);
  end loop;
  return pg_catalog.jsonb_build_object('sightings', sightings, 'senders', people_of, 'moves', moves);
end
$$;
comment on function people_of_senders(text, jsonb) is 'Who each of these senders is, and each sighting that hangs together'
  ' with them, and each message and consent that came by one of their numbers alone, if that has changed hands.';

-- Under row level security no index is read for a function that may tell what rows it sees, and a customer has to be found
-- by an index. So this one reads past it, and checks its caller.
create or replace function customers_by_phone_keys(prefix text, keys text[]) returns jsonb
language plpgsql
stable
security definer
set search_path from current
as $$
declare
  customers_of jsonb;
begin
  if not exists (
    select from agents a where a.agent_prefix::text = prefix and (is_backend() or owns_agent(a.id))
  ) then
    raise exception 'agent % is not the caller''s', prefix using errcode = 'insufficient_privilege';
  end if;
  -- The oldest one of each number.
  execute pg_catalog.format(
    'select coalesce(pg_catalog.jsonb_object_agg(k.key, c.id), ''{}'')'
    ' from (select distinct u.key from pg_catalog.unnest($1) as u (key)) as k'
    ' cross join lateral ('
    '  select pg_catalog.min(f.id) as id from (select c.id from %I c where phone_key(c.phone) = k.key offset 0) as f'
    ' ) as c'
    ' where c.id is not null',
    prefix || '_customers')
  into customers_of
  using keys;
  return customers_of;
end
$$;
comment on function customers_by_phone_keys(text, text[]) is 'The agent''s oldest customer with each of these numbers, however'
  ' it is written.';

create or replace function customers_of_people(prefix text, people jsonb) returns jsonb
language plpgsql
stable
set search_path from current
as $$
declare
  customers_of jsonb;
begin
  -- A customer of whom a user id is known is only that person, else one whose messages came by a number alone is only one.
  -- Of the application's, one is found by phone.
  execute pg_catalog.format(
    'with seen as materialized ('
    '  select s.user_id, s.person, s.ended, e.match_key, e.customer_id'
    '  from pg_catalog.jsonb_to_recordset($1 -> ''sightings''::text) as s (user_id text, phone text, person text, ended text)'
    '  cross join lateral ('
    '    select e.match_key, e.customer_id from %1$I e where e.user_id = s.user_id and e.phone = s.phone limit 1'
    '  ) as e'
    '),'
    ' by_user_id as materialized ('
    '  select distinct on (s.customer_id) s.customer_id, s.person'
    '  from seen s where s.user_id <> '''' and s.customer_id is not null'
    '  order by s.customer_id, s.person collate "C"'
    '),'
    ' by_number as materialized ('
    '  select distinct on (n.customer_id) n.customer_id, n.person'
    '  from ('
    '    select m.customer_id, m.person, pg_catalog.left(m.person, 1) as rank'
    '    from pg_catalog.jsonb_to_recordset($1 -> ''moves''::text) as m (person text, customer_id integer)'
    '    where exists (select from %2$I c where c.id = m.customer_id)'
    '    union all'
    '    select s.customer_id, s.person, ''v'' from seen s where s.user_id = '''' and s.customer_id is not null'
    '  ) as n'
    '  where not exists (select from by_user_id b where b.customer_id = n.customer_id)'
    '  order by n.customer_id, n.rank, n.person collate "C"'
    '),'
    ' written as materialized ('
    '  select c.key as match_key, c.value::integer as id from pg_catalog.jsonb_each_text(customers_by_phone_keys($2, array('
    '    select phone_key(v.value) from seen s cross join pg_catalog.unnest(array[s.user_id, s.match_key]) as v (value)'
    '    where s.customer_id is null and v.value <> ''''))) as c'
    '),'
    ' found as ('
    '  select b.person, b.customer_id from by_user_id b'
    '  union'
    '  select b.person, b.customer_id from by_number b'
    '  union'
    '  select s.person, c.id'
    '  from seen s'
    '  cross join lateral pg_catalog.unnest(array[s.user_id, case when s.ended is null then s.match_key else '''' end]) as v (value)'
    '  join written c on c.match_key = phone_key(v.value)'
    '  where s.customer_id is null and v.value <> '''''
    '    and not exists ('
    '      select from %1$I e'
    '      where e.customer_id = c.id and e.user_id <> '''' and pg_catalog.left(s.person, 1) <> ''p'''
    '        and e.user_id not in (select o.user_id from seen o where o.person = s.person)'
    '    )'
    '),'
    ' kept as ('
    '  select f.person, f.customer_id'
    '  from found f'
    '  where not exists ('
    '    select from %3$I m'
    '    where m.lost_id = f.customer_id and m.undone_at is not null'
    '      and m.kept_id in (select o.customer_id from found o where o.person = f.person)'
    '  )'
    ')'
    ' select coalesce(pg_catalog.jsonb_object_agg(k.person, k.ids), ''{}'')'
    ' from (select k.person, pg_catalog.jsonb_agg(k.customer_id order by k.customer_id) as ids from kept k group by k.person) as k',
    prefix || '_whatsapp_sightings', prefix || '_customers', prefix || '_whatsapp_merges')
  into customers_of
  using people, prefix;
  return customers_of;
end
$$;
comment on function customers_of_people(text, jsonb) is 'The ids of the customers that each person is by one of these'
  ' sightings: one, or several that are to be merged.';

create or replace function find_or_make_customers(prefix text, senders jsonb, numbers integer[]) returns jsonb
language plpgsql
set search_path from current
as $$
declare
  used jsonb;
  people jsonb;
  customers_of jsonb;
  person text;
  found_ids integer[];
  gone integer[] := '{}'::integer[];
  needed text[];
  customers_of_senders jsonb;
begin
  -- What the others tell is known already.
  select pg_catalog.jsonb_agg(s.sender || pg_catalog.jsonb_build_object('number', s.number) order by s.number) into used
  from pg_catalog.jsonb_array_elements(senders) with ordinality as s (sender, number)
  where s.number = any (numbers) or s.sender ? 'is_told'::text;
  if used is null then
    return '{}'::jsonb;
  end if;
  perform remember_sightings(prefix, used);
  people := people_of_senders(prefix, used);
  -- The locks of CustomersByPhone in crm-core, in an order: the application may be making the same customer.
  execute pg_catalog.format(
    'select pg_catalog.pg_advisory_xact_lock(l.key)'
    ' from ('
    '  select distinct k.key::bigint as key'
    '  from pg_catalog.jsonb_to_recordset($1) as s (user_id text, phone text, locks jsonb)'
    '  cross join pg_catalog.jsonb_array_elements_text(s.locks) as k (key)'
    '  where exists (select from %I e where e.user_id = s.user_id and e.phone = s.phone and e.customer_id is null)'
    '  order by key'
    ' ) as l',
    prefix || '_whatsapp_sightings')
  using used;
  -- One person after the other, because what is merged for one may be what another one is.
  loop
    customers_of := customers_of_people(prefix, people);
    -- Those merged before, of whom a table of the application's has kept a row, are still there, and nobody's.
    select coalesce(pg_catalog.jsonb_object_agg(c.person, c.ids), '{}') into customers_of
    from (
      select e.key as person, pg_catalog.jsonb_agg(i.id order by i.id) as ids
      from pg_catalog.jsonb_each(customers_of) as e (key, value)
      cross join pg_catalog.jsonb_array_elements(e.value) as i (id)
      where i.id::integer <> all (gone)
      group by e.key
    ) as c;
    select c.key into person from pg_catalog.jsonb_each(customers_of) as c (key, ids)
    where pg_catalog.jsonb_array_length(c.ids) > 1
    order by c.key collate "C"
    limit 1;
    exit when not found;
    found_ids := array(select i::integer from pg_catalog.jsonb_array_elements_text(customers_of -> person) as i);
    gone := gone || pg_catalog.array_remove(found_ids, merge_customers(
      prefix,
      found_ids,
      (
        select s.source
        from pg_catalog.jsonb_to_recordset(used) as s (number integer, source text, last_seen text)
        where people -> 'senders'::text ->> s.number::text = person and s.source <> ''
        order by s.last_seen collate "C" desc
        limit 1
      )));
  end loop;

  needed := array(
    select n.person
    from (
      select people -> 'senders'::text ->> n.number::text as person, n.number from pg_catalog.unnest(numbers) as n (number)
      union all
      select m.person, null from pg_catalog.jsonb_to_recordset(people -> 'moves'::text) as m (person text)
    ) as n
    where n.person is not null and not customers_of ? n.person
    group by n.person
    order by pg_catalog.min(n.number), n.person collate "C");
  if needed <> '{}' then
    customers_of := customers_of || make_customers(prefix, needed);
  end if;
  perform assign_sightings(prefix, people, customers_of,
    (select pg_catalog.max(s.source collate "C") from pg_catalog.jsonb_to_recordset(used) as s (source text) where s.source <> ''));

  -- By a number that has changed hands, it hangs on the time; else the sighting has its customer.
  execute pg_catalog.format(
    'select coalesce(pg_catalog.jsonb_object_agg(s.number, coalesce('
    '  case when s.user_id = '''' and pg_catalog.left($2 ->> s.number::text, 1) <> ''p'''
    '    then ($3 -> ($2 ->> s.number::text) ->> 0)::integer end,'
    '  e.customer_id)), ''{}'')'
    ' from pg_catalog.jsonb_to_recordset($1) as s (number integer, user_id text, phone text)'
    ' left join lateral ('
    '   select e.customer_id from %I e where e.user_id = s.user_id and e.phone = s.phone limit 1'
    ' ) as e on true'
    ' where s.number = any ($4)',
    prefix || '_whatsapp_sightings')
  into customers_of_senders
  using used, people -> 'senders'::text, customers_of, numbers;
  return customers_of_senders;
end
$$;
comment on function find_or_make_customers(text, jsonb, integer[]) is 'Keeps what senders show of who is who, merges'
  ' customers that are shown to be one, and gives the customer of each of the senders with these numbers.';

create or replace function make_customers(prefix text, people text[]) returns jsonb
language plpgsql
set search_path from current
as $$
declare
  id_sequence regclass := pg_catalog.pg_get_serial_sequence(pg_catalog.quote_ident(prefix || '_customers'), 'id')::regclass;
  ids integer[] := array(select pg_catalog.nextval(id_sequence)::integer from pg_catalog.unnest(people));
begin
  -- follow_sightings() puts in the name and phone number.
  execute pg_catalog.format(
    'insert into %I (id, agent_id, name, phone)'
    ' select n.id, a.id, n.label, n.label'
    ' from (select n.id, pg_catalog.split_part(pg_catalog.substr(n.person, 2), '' '', 1) as label'
    '  from rows from (pg_catalog.unnest($1), pg_catalog.unnest($2)) as n (id, person)) as n'
    ' join agents a on a.agent_prefix::text = $3',
    prefix || '_customers')
  using ids, people, prefix;
  execute pg_catalog.format('insert into %I (customer_id, name, phone) select c.id, c.name, c.phone from %I c where c.id = any ($1)',
    prefix || '_whatsapp_profiles', prefix || '_customers')
  using ids;
  return (
    select pg_catalog.jsonb_object_agg(n.person, pg_catalog.jsonb_build_array(n.id))
    from rows from (pg_catalog.unnest(people), pg_catalog.unnest(ids)) as n (person, id));
end
$$;
comment on function make_customers(text, text[]) is 'Makes a customer for each of these people.';

create or replace function assign_sightings(prefix text, people jsonb, customers_of jsonb, source text) returns void
language plpgsql
set search_path from current
as $$
begin
  execute pg_catalog.format(
    'update %1$I e set'
    '  customer_id = case when exists ('
    '    select from %2$I m where m.lost_id = e.customer_id and m.undone_at is not null and m.kept_id = s.customer_id'
    '  ) then e.customer_id else s.customer_id end,'
    '  ended = s.ended,'
    '  usual_from = s.usual_from,'
    '  usual_name = case when s.customer_id is null then e.name else e.usual_name end'
    ' from ('
    '  select s.user_id, s.phone, s.ended, s.usual_from, ($2 -> s.person ->> 0)::integer as customer_id'
    '  from pg_catalog.jsonb_to_recordset($1) as s (user_id text, phone text, person text, ended text, usual_from text)'
    ' ) as s'
    ' where e.user_id = s.user_id and e.phone = s.phone'
    '  and (e.customer_id, e.ended, e.usual_from, e.usual_name) is distinct from (s.customer_id, s.ended, s.usual_from,'
    '    case when s.customer_id is null then e.name else e.usual_name end)',
    prefix || '_whatsapp_sightings', prefix || '_whatsapp_merges')
  using people -> 'sightings'::text, customers_of;
  execute pg_catalog.format(
    'update %I c set customer_id = e.customer_id'
    ' from %I e'
    ' where c.customer_id is distinct from e.customer_id and e.phone = coalesce(nullif(c.new_phone, ''''), c.phone)'
    '  and e.user_id = coalesce(nullif(c.new_user_id, ''''), c.user_id)'
    '  and exists ('
    '   select from pg_catalog.jsonb_to_recordset($1) as s (user_id text, phone text) where e.user_id = s.user_id and e.phone = s.phone)',
    prefix || '_whatsapp_changes', prefix || '_whatsapp_sightings')
  using people -> 'sightings'::text;
  if people -> 'moves'::text <> '[]' then
    execute pg_catalog.format(
      'with message as materialized ('
      '  select o.id, o.customer_id as lost_id, ($2 -> p.person ->> 0)::integer as kept_id'
      '  from pg_catalog.jsonb_to_recordset($1) as p (id integer, person text)'
      '  join %1$I o on o.id = p.id'
      '),'
      ' consent as materialized ('
      '  select c.address, c.category, c.told_at, c.value, c.customer_id as lost_id, ($2 -> p.person ->> 0)::integer as kept_id'
      '  from pg_catalog.jsonb_to_recordset($1) as p (consent jsonb, person text)'
      '  cross join pg_catalog.jsonb_to_record(p.consent) as k (address text, category text, told_at timestamp, value text)'
      '  join %3$I c'
      '    on c.address = k.address and c.category = k.category and c.told_at = k.told_at and c.value = k.value'
      '),'
      ' apart as materialized ('
      '  select u.lost_id, u.kept_id from %2$I u where u.undone_at is not null'
      '),'
      ' moved as ('
      '  update %1$I m set customer_id = v.kept_id'
      '  from message v'
      '  where m.id = v.id and v.lost_id <> v.kept_id and (v.lost_id, v.kept_id) not in (select a.lost_id, a.kept_id from apart a)'
      '  returning $4 as name, v.lost_id, v.kept_id, pg_catalog.jsonb_build_object(''id'', m.id) as key'
      '),'
      ' moved_consents as ('
      '  update %3$I c set customer_id = v.kept_id'
      '  from consent v'
      '  where c.address = v.address and c.category = v.category and c.told_at = v.told_at and c.value = v.value'
      '    and v.lost_id <> v.kept_id and (v.lost_id, v.kept_id) not in (select a.lost_id, a.kept_id from apart a)'
      '  returning $5 as name, v.lost_id, v.kept_id,'
      '    pg_catalog.jsonb_build_object(''address'', c.address, ''category'', c.category, ''told_at'', c.told_at, ''value'', c.value) as key'
      '),'
      ' of_table as ('
      '  select m.lost_id, m.kept_id, pg_catalog.jsonb_build_object('
      '    ''table'', m.name, ''column'', ''customer_id'', ''keys'', pg_catalog.jsonb_agg(m.key)) as moved'
      '  from (select * from moved union all select * from moved_consents) as m'
      '  group by m.lost_id, m.kept_id, m.name'
      ')'
      ' insert into %2$I as t (lost_id, kept_id, source, moved)'
      ' select m.lost_id, m.kept_id, $3, pg_catalog.jsonb_agg(m.moved)'
      ' from of_table m'
      ' group by m.lost_id, m.kept_id'
      ' on conflict (lost_id, kept_id) do update set'
      '  source = excluded.source, merged_at = excluded.merged_at, moved = t.moved || excluded.moved',
      prefix || '_messages', prefix || '_whatsapp_merges', prefix || '_whatsapp_consents')
    using people -> 'moves'::text, customers_of, source, prefix || '_messages', prefix || '_whatsapp_consents';
  end if;
  perform follow_sightings(prefix, array(select distinct (c.ids ->> 0)::integer from pg_catalog.jsonb_each(customers_of) as c (person, ids)));
end
$$;
comment on function assign_sightings(text, jsonb, jsonb, text) is 'Gives sightings, and messages and consents that came by a'
  ' number alone, to the customers that people are.';

create or replace function follow_sightings(prefix text, ids integer[]) returns void
language plpgsql
set search_path from current
as $$
begin
  -- A customer of the application's whose phone number was not known.
  execute pg_catalog.format(
    'insert into %I (customer_id, phone)'
    ' select c.id, c.phone'
    ' from %I c'
    ' where c.id = any ($1)'
    '   and exists (select from %I e where e.customer_id = c.id and e.user_id = c.phone)'
    ' on conflict (customer_id) do nothing',
    prefix || '_whatsapp_profiles', prefix || '_customers', prefix || '_whatsapp_sightings')
  using ids;
  -- The newest by the times of messages, and not by which of them came last.
  execute pg_catalog.format(
    'with told as materialized ('
    '  select c.id, p.customer_id, coalesce(c.name = p.name, false) as own_name, coalesce(c.phone = p.phone, false) as own_phone,'
    '    coalesce(named.name, written.phone, known.user_id, c.name) as name, named.name as told_name,'
    '    coalesce(written.phone, known.user_id, c.phone) as phone, newest.match_key'
    '  from %2$I c'
    '  left join %1$I p on p.customer_id = c.id'
    '  left join lateral ('
    '    select e.match_key from %3$I e where e.customer_id = c.id and e.phone <> '''' and e.ended is null'
    '    order by e.last_seen desc, e.match_key limit 1'
    '  ) as newest on true'
    '  left join lateral ('
    '    select e.phone from %3$I e where e.customer_id = c.id and e.phone <> '''' and e.match_key = newest.match_key'
    '    order by e.first_seen, e.phone limit 1'
    '  ) as written on true'
    '  left join lateral ('
    '    select e.user_id from %3$I e where e.customer_id = c.id and e.user_id <> '''''
    '    order by e.last_seen desc, e.user_id limit 1'
    '  ) as known on true'
    '  left join lateral ('
    '    select e.name from %3$I e where e.customer_id = c.id and e.name is not null'
    '    order by e.named desc, e.name desc limit 1'
    '  ) as named on true'
    '  where c.id = any ($1)'
    '),'
    ' followed as ('
    '  update %2$I c set'
    '    name = case when t.own_name then t.name else c.name end,'
    '    phone = case when t.own_phone then t.phone else c.phone end'
    '  from told t'
    '  where c.id = t.id and (t.own_name and c.name <> t.name or t.own_phone and c.phone <> t.phone)'
    '),'
    ' usual as ('
    '  update %3$I e set'
    '    usual_name = t.told_name,'
    '    usual_from = case when e.match_key in ('''', t.match_key) then e.usual_from end'
    '  from told t'
    '  where e.customer_id = t.id'
    '    and (e.usual_name is distinct from t.told_name'
    '      or e.usual_from is not null and (e.match_key in ('''', t.match_key)) is not true)'
    ')'
    ' update %1$I p set'
    '   name = case when t.own_name then t.name end,'
    '   phone = case when t.own_phone then t.phone end'
    ' from told t'
    ' where p.customer_id = t.customer_id'
    '   and (p.name is distinct from case when t.own_name then t.name end'
    '     or p.phone is distinct from case when t.own_phone then t.phone end)',
    prefix || '_whatsapp_profiles', prefix || '_customers', prefix || '_whatsapp_sightings')
  using ids;
end
$$;
comment on function follow_sightings(text, integer[]) is 'Has the names and phone numbers of customers follow the newest'
  ' that messages tell, unless the application has written them.';

create or replace function follow_customer(prefix text, id integer) returns boolean
language plpgsql
set search_path from current
as $$
declare
  is_there boolean;
begin
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('webhooks of ' || prefix, 'agents'::regclass::oid::bigint));
  execute pg_catalog.format(
    'with handed as ('
    '  insert into %I (customer_id, name, phone) select c.id, c.name, c.phone from %I c where c.id = $1'
    '  on conflict (customer_id) do update set name = excluded.name, phone = excluded.phone'
    '  returning customer_id'
    ')'
    ' select exists (select from handed)',
    prefix || '_whatsapp_profiles', prefix || '_customers')
  into is_there
  using id;
  perform follow_sightings(prefix, array[id]);
  return is_there;
end
$$;
comment on function follow_customer(text, integer) is 'Has a customer''s name and phone number follow what messages tell,'
  ' whoever has written them. False if there is no such customer.';

create or replace function merge_customers(prefix text, ids integer[], source text) returns integer
language plpgsql
set search_path from current
as $$
declare
  kept integer;
  lost integer;
  customer jsonb;
  moved jsonb;
begin
  -- Nobody adds anything to them from here on: a foreign key waits for this lock.
  execute pg_catalog.format('select from %I where id = any ($1) order by id for update', prefix || '_customers') using ids;
  -- One that the application has made or renamed, else the oldest.
  execute pg_catalog.format(
    'select c.id from %I c left join %I p on p.customer_id = c.id where c.id = any ($1)'
    ' order by c.name is not distinct from p.name, c.id limit 1',
    prefix || '_customers', prefix || '_whatsapp_profiles')
  into kept
  using ids;
  foreach lost in array pg_catalog.array_remove(ids, kept) loop
    execute pg_catalog.format('select pg_catalog.to_jsonb(c) from %I c where c.id = $1', prefix || '_customers') into customer using lost;
    execute pg_catalog.format('delete from %I p where p.customer_id = $1 returning pg_catalog.jsonb_build_object(''name'', p.name, ''phone'', p.phone)',
      prefix || '_whatsapp_profiles')
    into moved
    using lost;
    customer := pg_catalog.jsonb_build_object('row', customer, 'profile', moved);
    moved := replace_customer(prefix, lost, kept);
    execute pg_catalog.format(
      'insert into %1$I as t (lost_id, kept_id, source, customer, moved, left_behind)'
      ' select $1, $2, $3, $4, $5 -> ''moved''::text, array(select pg_catalog.jsonb_array_elements_text($5 -> ''left_behind''::text))'
      ' on conflict (lost_id, kept_id) do update set merged_at = excluded.merged_at, source = excluded.source,'
      '   customer = excluded.customer, moved = t.moved || excluded.moved, left_behind = excluded.left_behind',
      prefix || '_whatsapp_merges')
    using lost, kept, source, customer, moved;
  end loop;
  perform follow_sightings(prefix, array[kept]);
  return kept;
end
$$;
comment on function merge_customers(text, integer[], text) is 'Makes one customer of several that turned out to be one'
  ' person: messages, orders and all else go to the one that stays, whose id is given back. Keeps what it did.';

create or replace function replace_customer(prefix text, lost integer, kept integer) returns jsonb
language plpgsql
set search_path from current
as $$
declare
  customers oid := pg_catalog.quote_ident(prefix || '_customers')::regclass::oid;
  reference record;
  keys jsonb;
  moved jsonb := '[]'::jsonb;
  left_behind jsonb := '[]'::jsonb;
begin
  -- What was merged into both is merged into the one that stays, once.
  execute pg_catalog.format(
    'with joined as ('
    '  delete from %1$I t'
    '  where t.kept_id = $1 and exists (select from %1$I k where k.lost_id = t.lost_id and k.kept_id = $2)'
    '  returning t.*'
    ')'
    ' update %1$I k set moved = k.moved || j.moved, left_behind = pg_catalog.array_cat(k.left_behind, j.left_behind),'
    '   customer = coalesce(case when j.merged_at > k.merged_at then j.customer end, k.customer, j.customer),'
    '   source = case when j.merged_at > k.merged_at then j.source else k.source end,'
    '   merged_at = greatest(k.merged_at, j.merged_at),'
    '   undone_at = case when j.undone_at is not null then k.undone_at end'
    ' from joined j where k.lost_id = j.lost_id and k.kept_id = $2',
    prefix || '_whatsapp_merges')
  using lost, kept;
  for reference in
    select n.nspname, c.relname, a.attname, h.function_schema, h.function_name,
      -- Rows that a policy hides can't be moved, and deleting the customer would delete them.
      not c.relrowsecurity or exists (
        select
        from pg_policy own
        join pg_policy other on pg_catalog.pg_get_expr(other.polqual, other.polrelid) = pg_catalog.pg_get_expr(own.polqual, own.polrelid)
        where own.polrelid = customers and other.polrelid = c.oid
      ) as is_seen,
      array(
        select k.attname::text
        from pg_index i
        join pg_attribute k on k.attrelid = c.oid and k.attnum = any (i.indkey::smallint[])
        where i.indrelid = c.oid and i.indisprimary
      ) as key
    from pg_depend d
    join pg_constraint f on f.oid = d.objid and f.contype = 'f' and f.confrelid = customers
    join pg_class c on c.oid = f.conrelid
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum = f.conkey[1]
    left join customer_merge_hooks h
      on n.oid = (select o.relnamespace from pg_class o where o.oid = customers)
        and h.table_suffix = pg_catalog.substr(c.relname, pg_catalog.length(prefix) + 2)
    where d.classid = 'pg_constraint'::regclass::oid and d.refclassid = 'pg_class'::regclass::oid and d.refobjid = customers
    group by n.nspname, c.relname, a.attname, c.relrowsecurity, c.oid, h.function_schema, h.function_name
    order by n.nspname, c.relname, a.attname
  loop
    if reference.function_name is not null then
      execute pg_catalog.format('select %I.%I($1, $2, $3)', reference.function_schema, reference.function_name)
      using prefix, lost, kept;
    end if;
    begin
      execute pg_catalog.format(
        'with moved as (update %1$I.%2$I t set %3$I = $1 where t.%3$I = $2 returning pg_catalog.to_jsonb(t) as row)'
        ' select pg_catalog.jsonb_agg(('
        '   select pg_catalog.jsonb_object_agg(e.key, e.value) from pg_catalog.jsonb_each(m.row) as e (key, value) where e.key = any ($3)))'
        ' from moved m',
        reference.nspname, reference.relname, reference.attname)
      into keys
      using kept, lost, reference.key;
      if keys is not null then
        moved := moved || pg_catalog.jsonb_build_object('schema', reference.nspname, 'table', reference.relname,
          'column', reference.attname, 'keys', keys);
      end if;
      if not reference.is_seen then
        left_behind := left_behind || pg_catalog.to_jsonb(reference.relname);
      end if;
    exception
      when insufficient_privilege or integrity_constraint_violation or unique_violation or check_violation
        or raise_exception
      then
        -- A table of the application's that allows one row for a customer, and has no hook, for instance.
        left_behind := left_behind || pg_catalog.to_jsonb(reference.relname);
    end;
  end loop;
  if left_behind = '[]' then
    execute pg_catalog.format('delete from %I where id = $1', prefix || '_customers') using lost;
  end if;
  return pg_catalog.jsonb_build_object('moved', moved, 'left_behind', left_behind);
end
$$;
comment on function replace_customer(text, integer, integer) is 'Moves everything that refers to a customer to another'
  ' one, and deletes it unless something is left behind that can''t be moved. Tells what was moved, by primary keys.';

create or replace function undo_customer_merge(prefix text, lost integer) returns boolean
language plpgsql
set search_path from current
as $$
declare
  kept integer;
  customer jsonb;
  moved jsonb;
  part record;
  is_there boolean;
begin
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('webhooks of ' || prefix, 'agents'::regclass::oid::bigint));
  execute pg_catalog.format(
    'select m.kept_id, m.customer, m.moved from %I m'
    ' where m.lost_id = $1 and m.undone_at is null order by m.merged_at desc, m.kept_id desc limit 1',
    prefix || '_whatsapp_merges')
  into kept, customer, moved
  using lost;
  if kept is null then
    return false;
  end if;
  execute pg_catalog.format('select exists (select from %I c where c.id = $1)', prefix || '_customers') into is_there using lost;
  if not is_there then
    if customer is null then
      return false;
    end if;
    -- Under its old id, with all columns that the application has added.
    execute pg_catalog.format('insert into %1$I select r.* from pg_catalog.jsonb_populate_record(null::%1$I, $1) as r', prefix || '_customers')
    using customer -> 'row'::text;
  end if;
  if customer -> 'profile'::text <> 'null' then
    execute pg_catalog.format('insert into %I (customer_id, name, phone) select $1, $2 ->> ''name''::text, $2 ->> ''phone''::text'
      ' on conflict (customer_id) do nothing', prefix || '_whatsapp_profiles')
    using lost, customer -> 'profile'::text;
  end if;
  for part in
    select n.nspname, c.relname, a.attname, p.keys, pg_catalog.array_agg(k.attname::text) as key
    from pg_catalog.jsonb_to_recordset(moved) as p ("schema" text, "table" text, "column" text, keys jsonb)
    join pg_class c on c.relname = p."table"
    join pg_namespace n
      on n.oid = c.relnamespace
        and n.nspname = coalesce(p."schema", (select o.nspname from pg_namespace o
          where o.oid = (select g.relnamespace from pg_class g where g.oid = 'agents'::regclass)))
    join pg_attribute a on a.attrelid = c.oid and a.attname = p."column"
    -- What moved is in a table that the agent's people write, and others undo merges: only what refers to the agent's own
    -- customers is moved, as replace_customer() does.
    join pg_constraint f
      on f.conrelid = c.oid and f.contype = 'f' and f.conkey = array[a.attnum]
        and f.confrelid = pg_catalog.quote_ident(prefix || '_customers')::regclass::oid
    join pg_index i on i.indrelid = c.oid and i.indisprimary
    join pg_attribute k on k.attrelid = c.oid and k.attnum = any (i.indkey::smallint[])
    where p.keys -> 0 <> 'null'
    group by n.nspname, c.relname, a.attname, p.keys
  loop
    execute pg_catalog.format(
      'update %1$I.%2$I t set %3$I = $1'
      ' where t.%3$I = $2 and ('
      '   select pg_catalog.jsonb_object_agg(e.key, e.value) from pg_catalog.jsonb_each(pg_catalog.to_jsonb(t)) as e (key, value) where e.key = any ($4)'
      ' ) in (select k.value from pg_catalog.jsonb_array_elements($3) as k (value))',
      part.nspname, part.relname, part.attname)
    using lost, kept, part.keys, part.key;
  end loop;
  execute pg_catalog.format('update %I set undone_at = pg_catalog.timezone(''utc'', now()) where lost_id = $1 and kept_id = $2',
    prefix || '_whatsapp_merges')
  using lost, kept;
  execute pg_catalog.format('update %I set usual_from = null where customer_id in ($1, $2)', prefix || '_whatsapp_sightings')
  using lost, kept;
  perform follow_sightings(prefix, array[lost, kept]);
  return true;
end
$$;
comment on function undo_customer_merge(text, integer) is 'Takes the latest merge of a customer back: it is there again'
  ' under its id, with all that still is where the merge put it, and is not merged with the same one again. False if there'
  ' is none.';

-- Of tables with one row for a customer, what becomes of two rows: hooks are called ahead of each merge.
create table if not exists customer_merge_hooks (
  table_suffix text not null,
  function_schema text not null,
  function_name text not null,
  constraint customer_merge_hooks_pkey primary key (table_suffix)
);
comment on table customer_merge_hooks is 'Functions (prefix text, lost integer, kept integer) that make one row of two in'
  ' {prefix}_{table_suffix} before a customer is merged into another one. They run with the rights of the agent''s user.';
comment on column customer_merge_hooks.table_suffix is 'Of the agents'' tables: cards for shop_cards.';
do $$
begin
  if not (select relrowsecurity from pg_class where oid = 'customer_merge_hooks'::regclass::oid) then
    alter table customer_merge_hooks enable row level security;
  end if;
  if not exists (select from pg_policy where polrelid = 'customer_merge_hooks'::regclass::oid and polname = 'customer_merge_hooks_select') then
    create policy customer_merge_hooks_select on customer_merge_hooks for select to authenticated, service_role using (true);
    comment on policy customer_merge_hooks_select on customer_merge_hooks is 'Whoever merges customers asks it.';
    if not (select rolbypassrls from pg_roles where rolname = 'service_role') then
      create policy customer_merge_hooks_insert on customer_merge_hooks for insert to service_role with check (true);
      create policy customer_merge_hooks_delete on customer_merge_hooks for delete to service_role using (true);
      comment on policy customer_merge_hooks_insert on customer_merge_hooks is 'Service role has full access. Made where'
        ' service_role has no BYPASSRLS.';
      comment on policy customer_merge_hooks_delete on customer_merge_hooks is 'Service role has full access. Made where'
        ' service_role has no BYPASSRLS.';
    end if;
  end if;
end
$$;
revoke all on customer_merge_hooks from public, anon, authenticated, service_role;
grant select on customer_merge_hooks to authenticated;
grant select, insert, delete on customer_merge_hooks to service_role;

-- Of older installations.
drop function if exists customers_of_senders(text, jsonb, integer[]);
drop function if exists join_customers(text, integer[]);
drop function if exists replace_customers(text, integer[], integer);
drop function if exists make_customers(text, jsonb, integer[]);
drop function if exists remember_senders(text, jsonb, jsonb);
drop function if exists follow_senders(text, integer[]);

revoke all on function phone_key(text), customers_by_phone_keys(text, text[]), trace_people(jsonb),
  person_at(jsonb, text, text), remember_sightings(text, jsonb),
  parts_of_senders(text, jsonb), trace_part(text, jsonb, jsonb), claims_between(text, jsonb, jsonb),
  moves_of_part(text, jsonb, jsonb), people_of_senders(text, jsonb), customers_of_people(text, jsonb),
  find_or_make_customers(text, jsonb, integer[]),
  make_customers(text, text[]), assign_sightings(text, jsonb, jsonb, text), follow_sightings(text, integer[]),
  follow_customer(text, integer), merge_customers(text, integer[], text), replace_customer(text, integer, integer),
  undo_customer_merge(text, integer)
  from public, anon, authenticated, service_role;
-- With the caller's own rights, so all of them are the caller's to execute.
grant execute on function phone_key(text), customers_by_phone_keys(text, text[]), trace_people(jsonb),
  person_at(jsonb, text, text), remember_sightings(text, jsonb),
  parts_of_senders(text, jsonb), trace_part(text, jsonb, jsonb), claims_between(text, jsonb, jsonb),
  moves_of_part(text, jsonb, jsonb), people_of_senders(text, jsonb), customers_of_people(text, jsonb),
  find_or_make_customers(text, jsonb, integer[]),
  make_customers(text, text[]), assign_sightings(text, jsonb, jsonb, text), follow_sightings(text, integer[]),
  follow_customer(text, integer), merge_customers(text, integer[], text), replace_customer(text, integer, integer),
  undo_customer_merge(text, integer)
  to authenticated, service_role;

commit;
