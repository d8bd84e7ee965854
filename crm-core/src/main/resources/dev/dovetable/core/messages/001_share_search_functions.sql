-- What all agents share of the search. Words are compared whatever their case, accents and width: decomposed, in lower case,
-- without marks, composed again, punctuation as blanks. No dictionary decides on it, and no setting: an index rests on it.

-- Of what is longer than 20000 characters, the beginning.
create function {crm}.search_text(words text) returns text
language plpgsql
immutable strict parallel safe
as $$
declare
  plain text := pg_catalog.left(words, 20000);
begin
  if pg_catalog.octet_length(plain) = pg_catalog.length(plain) then
    -- Not by translate(), which compares each character with all that it replaces: 35 times as long.
    if plain ~ '[^0-9A-Za-z ]' then
      plain := pg_catalog.regexp_replace(plain, '[^0-9A-Za-z]+', ' ', 'g');
    end if;
    return pg_catalog.lower(plain collate "C");
  end if;
  -- One sign may become eighteen.
  plain := pg_catalog.left(pg_catalog.normalize(plain, 'NFKD'), 20000);
  -- The database's own locale may know no other letters than those of ASCII, or, as Turkish, others for them. What is not
  -- run isn't planned, so that it may be missing.
  if pg_catalog.to_regcollation('pg_catalog."und-x-icu"') is null then
    plain := pg_catalog.lower(plain);
  else
    plain := pg_catalog.lower(plain collate "und-x-icu");
  end if;
  -- Accents, Hebrew and Arabic points, nuktas, what joins or varies the characters beside it.
  plain := pg_catalog.normalize(pg_catalog.regexp_replace(plain,
    E'[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670'
    '\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u093c\u09bc\u0a3c\u0abc\u0b3c\u200b-\u200f\u202a-\u202e\u2060-\u2064'
    '\ufe00-\ufe0f\ufeff]+', '', 'g'), 'NFC');
  -- Letters that Unicode doesn't decompose, the final sigma, and Arabic and Persian ones that are written for each other.
  plain := pg_catalog.translate(plain, E'\u0131\u00f8\u0142\u0111\u00f0\u0127\u03c2\u0649\u0629\u06a9\u06cc',
    E'iolddh\u03c3\u064a\u0647\u0643\u064a');
  plain := pg_catalog.replace(pg_catalog.replace(plain, E'\u00df', 'ss'), E'\u00e6', 'ae');
  plain := pg_catalog.replace(pg_catalog.replace(plain, E'\u0153', 'oe'), E'\u00fe', 'th');
  return pg_catalog.regexp_replace(plain,
    E'[\x01-\x1f!-/:-@[-`{-\u00bf\u00d7\u00f7\u0589\u05be\u05c0\u05c3\u05f3\u05f4\u060c\u061b\u061f\u066a-\u066d\u06d4'
    '\u0964\u0965\u0e5a\u0e5b\u1361-\u1368\u2010-\u2029\u202f-\u205f\u20a0-\u20cf\u2190-\u23ff\u2500-\u25ff\u2e00-\u2e7f'
    '\u3000-\u303f\u30fb\ufe30-\ufe6f\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]+', ' ', 'g');
end
$$;

-- With a blank wherever scripts without blanks, or pictures, begin or end.
create function {crm}.search_words(words text) returns text
language plpgsql
immutable strict parallel safe
as $$
declare
  plain text := search_text(words);
  runs constant text := E'\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af'
    '\u2600-\u27bf\U0001f000-\U0001faff\U00020000-\U0003ffff';
begin
  if pg_catalog.octet_length(plain) = pg_catalog.length(plain) then
    return plain;
  end if;
  return pg_catalog.regexp_replace(plain,
    '(?<=[' || runs || '])(?=[^' || runs || ' ])|(?<=[^' || runs || ' ])(?=[' || runs || '])', ' ', 'g');
end
$$;

-- What a row is found by: its words; in place of scripts without blanks, of pictures and of long numbers all pieces of three;
-- the 256 ids and the 262144 seconds (three days) that it is of, by which the newest are found first, however dense they are;
-- and whose it is. The last three begin with characters that words don't have.
create function {crm}.search_vector(words text, at timestamp without time zone, owner integer, id integer) returns tsvector
language plpgsql
immutable parallel safe
cost 200
as $$
declare
  plain text := search_words(coalesce(words, ''));
  second double precision := pg_catalog.date_part('epoch', at);
  marks text[] := '{}'::text[];
begin
  if second > '-infinity' and second < 'infinity' then
    marks := array['+' || (id >> 8)::text, '@' || pg_catalog.floor(second / 262144)::bigint::text];
  end if;
  if owner is not null then
    marks := pg_catalog.array_append(marks, '#' || owner::text);
  end if;
  if pg_catalog.octet_length(plain) = pg_catalog.length(plain) and plain !~ '[0-9]{5,}|[^ ]{101,}' then
    return pg_catalog.array_to_tsvector(
      pg_catalog.array_cat(pg_catalog.array_remove(pg_catalog.string_to_array(plain, ' '), ''::text), marks));
  end if;
  return pg_catalog.array_to_tsvector(pg_catalog.array_remove(pg_catalog.array_cat(marks, array(
    select pg_catalog.left(w.word, 100)
    from pg_catalog.unnest(pg_catalog.string_to_array(plain, ' ')) as w (word)
    where w.word !~ E'^([0-9]{5,}$|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff'
      '\uac00-\ud7af\u2600-\u27bf\U0001f000-\U0001faff\U00020000-\U0003ffff])'
    union all
    -- Of numbers no shorter ones, which nobody looks for; of a script, what is at its end alone.
    select pg_catalog.substr(p.part, i, 3)
    from pg_catalog.regexp_matches(plain,
      E'([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\u2600-\u27bf'
      '\U0001f000-\U0001faff\U00020000-\U0003ffff]+|[0-9]{5,})', 'g') as r (run)
    cross join lateral (
      select pg_catalog.length(r.run[1]) - case when pg_catalog.ascii(r.run[1]) < 58 then 2 else 0 end as pieces
    ) as n
    -- By the hundred: to find the last of thousands takes as long as all before it.
    cross join pg_catalog.generate_series(0, n.pieces - 1, 100) as h (before)
    cross join lateral (select pg_catalog.substr(r.run[1], h.before + 1, 102) as part offset 0) as p
    cross join pg_catalog.generate_series(1, least(100, n.pieces - h.before)) as i
  )), ''::text));
end
$$;

-- A customer by name and number, however the number is written.
create function {crm}.search_person(name text, phone text) returns text
language plpgsql
immutable parallel safe
as $$
begin
  return pg_catalog.concat_ws(' ', name, phone, pg_catalog.regexp_replace(phone, '[^0-9]+', '', 'g'));
end
$$;

-- A search as a tsquery, and what has to be in the text besides; null if there is no word in it.
create function {crm}.search_query(query text, out words text, out pieces text[])
language plpgsql
immutable parallel safe
as $$
declare
  word text;
  quoted text;
  number integer := 0;
  wanted text[] := (pg_catalog.array_remove(
    pg_catalog.string_to_array(search_words(pg_catalog.left(coalesce(query, ''), 1000)), ' '), ''::text))[1:8];
begin
  pieces := '{}'::text[];
  foreach word in array wanted loop
    number := number + 1;
    word := pg_catalog.left(word, 100);
    -- Of ASCII there are only letters and digits in it.
    quoted := '''' || word || '''';
    -- The last word may be a beginning. All beginnings would be collected whole from the index, words are skipped through.
    if pg_catalog.octet_length(word) > 1
      and (number = pg_catalog.cardinality(wanted) or pg_catalog.octet_length(word) > pg_catalog.length(word))
    then
      quoted := quoted || ':*';
    end if;
    if pg_catalog.length(word) >= 3
      and word ~ E'^([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\u2600-\u27bf'
        '\U0001f000-\U0001faff\U00020000-\U0003ffff]+|[0-9]+)$'
    then
      if pg_catalog.length(word) > 3 then
        pieces := pg_catalog.array_append(pieces, '%' || word || '%');
      end if;
      quoted := '(' || pg_catalog.concat_ws(
        ' | ',
        case when pg_catalog.length(word) < 5 and word ~ '^[0-9]' then quoted end,
        '(' || (
          select pg_catalog.string_agg('''' || pg_catalog.substr(word, i, 3) || '''', ' & ')
          from pg_catalog.generate_series(1, pg_catalog.length(word) - 2) as i
        ) || ')') || ')';
    end if;
    words := pg_catalog.concat_ws(' & ', words, quoted);
  end loop;
end
$$;

-- An agent that is another's and one that isn't there are answered alike.
create function {crm}.search_require(agent_prefix text, index_suffix text) returns void
language plpgsql
stable
as $$
begin
  -- Before agents is read: see enter_agent().
  perform pg_catalog.pg_advisory_xact_lock_shared(pg_catalog.hashtextextended(agent_prefix, 'agents'::regclass::oid::bigint));
  if not exists (
    select from agents a
    where a.agent_prefix::text = search_require.agent_prefix and (is_backend() or owns_agent(a.id))
  ) then
    raise exception 'there is no agent % of yours', agent_prefix using errcode = 'insufficient_privilege';
  end if;
  if not exists (
    select from pg_catalog.pg_index i
    where i.indexrelid = pg_catalog.to_regclass(pg_catalog.format('%I', agent_prefix || '_' || index_suffix))::oid and i.indisvalid
  ) then
    raise exception 'agent % has no index to search by', agent_prefix using errcode = 'WA005',
      hint = 'Register the extension search for agents, and let its run finish.';
  end if;
end
$$;

-- The messages with all words of a search, newest first, behind a place in that order. Under row level security no index is
-- read for a function that may tell what rows it sees. So this one reads past it, and checks its caller.
create function {api}.search_messages(
  agent_prefix text, query text, customer integer default null, from_time timestamp without time zone default null,
  to_time timestamp without time zone default null, before_time timestamp without time zone default null,
  before_id integer default null, page_size integer default 30
) returns table (id integer, customer_id integer, message text, direction varchar, "timestamp" timestamp without time zone)
language plpgsql
stable
security definer
rows 30
set enable_seqscan to off
set jit to off
as $$
#variable_conflict use_column
declare
  -- How many messages the first window has, which the commonest words fill a page from, and how many are gone through at most
  -- to find out which a window has.
  depth constant bigint := 500::bigint;
  max_depth constant bigint := 4500::bigint;
  -- How many marks a window has. Beyond, what a page needs is so rare that all of it is read sooner.
  max_marks constant bigint := 20::bigint;
  width constant bigint := 262144::bigint;
  words text;
  pieces text[];
  -- Each window lies behind this place, and the first one behind that of the page.
  top_at timestamp := coalesce(before_time, 'infinity');
  top_id integer := coalesce(before_id, 2147483647);
  bottom timestamp := coalesce(from_time, '-infinity');
  newest timestamp;
  oldest timestamp;
  buckets integer[];
  -- How many messages the window has, and how many seconds. Further back there are only seconds.
  size bigint := depth;
  span bigint;
  first_mark bigint;
  last_mark bigint;
  marks text;
  low timestamp;
  factor bigint;
  n bigint;
  left_over integer := least(greatest(coalesce(page_size, 30), 1), 1001);
  only_customer text := case when customer is null then '' else ' and m.customer_id = $4' end;
begin
  perform search_require(agent_prefix, 'messages_search_idx');
  select q.words, q.pieces into words, pieces from search_query(query) as q;
  if words is null then
    return;
  end if;
  if customer is not null then
    words := words || ' & ''#' || customer::text || '''';
  end if;
  if to_time <= top_at then
    top_at := to_time;
    top_id := -2147483648;
  end if;
  loop
    execute pg_catalog.format(
      'select pg_catalog.max(w.at), pg_catalog.min(w.at), pg_catalog.count(*), pg_catalog.array_agg(distinct w.bucket)'
      ' from ('
      '  select m.timestamp, m.id >> 8 from %I m where m.timestamp <= $1 and m.timestamp >= $2%s order by m.timestamp desc limit $3'
      ' ) as w (at, bucket)', agent_prefix || '_messages', only_customer)
    into newest, oldest, n, buckets
    using top_at, bottom, coalesce(size, 1::bigint), customer;
    exit when n = 0;
    marks := null::text;
    low := bottom;
    if n < size or oldest < '0001-01-01' or newest = 'infinity' then
      null; -- All that is left.
    elsif oldest < newest and pg_catalog.cardinality(buckets) <= max_marks and size is not null then
      marks := (
        select pg_catalog.string_agg(pg_catalog.format('''+%s''', b.bucket), ' | ') from pg_catalog.unnest(buckets) as b (bucket)
      );
      span := pg_catalog.ceil(pg_catalog.date_part('epoch', newest - oldest))::bigint;
      -- Of the oldest moment there may be more.
      low := greatest(bottom, oldest + interval '1 microsecond');
    else
      last_mark := pg_catalog.floor(pg_catalog.date_part('epoch', newest) / width)::bigint;
      if size is not null then
        span := pg_catalog.ceil(pg_catalog.date_part('epoch', newest - oldest))::bigint;
        size := null::bigint;
      end if;
      first_mark := pg_catalog.floor((pg_catalog.date_part('epoch', newest) - span) / width)::bigint;
      if last_mark - first_mark < max_marks then
        marks := (
          select pg_catalog.string_agg(pg_catalog.format('''@%s''', w.mark), ' | ')
          from pg_catalog.generate_series(first_mark, last_mark) as w (mark)
        );
      end if;
    end if;
    return query execute pg_catalog.format(
      'select m.id, m.customer_id, m.message, m.direction, m.timestamp from ('
      '  select m.id, m.customer_id, m.message, m.direction, m.timestamp from ('
      -- A fence: with LIMIT in sight the planner walks the index of times and makes the vector of each row on its way.
      '    select m.id, m.customer_id, m.message, m.direction, m.timestamp from %I m'
      '    where search_vector(m.message, m.timestamp, m.customer_id, m.id) @@ $1::tsquery offset 0'
      '  ) as m'
      '  where (m.timestamp, m.id) < ($2, $3) and m.timestamp >= $4'
      '  order by m.timestamp desc, m.id desc%s'
      ') as m'
      '%s order by m.timestamp desc, m.id desc limit $6', agent_prefix || '_messages',
      -- What stands in one piece is looked for in no more texts than fill the page.
      case when pieces = '{}' then '' else ' offset 0' end,
      case
        when pieces = '{}' then ''
        -- In ASCII it stands as it is.
        else ' where case when pg_catalog.octet_length(m.message) = pg_catalog.length(m.message)'
          ' then pg_catalog.left(m.message, 20000) else search_text(m.message) end like all ($5)'
      end)
    using words || coalesce(' & (' || marks || ')', ''), top_at, top_id, low, pieces, left_over;
    get diagnostics n = row_count;
    left_over := left_over - n::integer;
    exit when left_over <= 0 or marks is null;
    if size is null then
      top_at := timestamp 'epoch' + (first_mark * width)::double precision * interval '1 second';
      top_id := -2147483648;
    else
      top_at := oldest;
      top_id := 2147483647;
    end if;
    -- As far back as the rest of the page reaches if the word stays as frequent, and half as far again. What isn't in the
    -- first window is rare, or was frequent once: all that is left is read.
    factor := case when n = 0 then max_marks * width else greatest(3::bigint, left_over * 3 / (2 * n)) end;
    size := case when size * factor <= max_depth then size * factor end;
    span := least(greatest(span, 1::bigint) * factor, max_marks * width);
  end loop;
end
$$;

-- The customers with all words of a search in name and number, those made last first, behind one in that order. What holds
-- no letters is a number, with blanks or without.
create function {api}.search_customers(
  agent_prefix text, query text, before_id integer default null, page_size integer default 30
) returns table (id integer, name text, phone text, created_at timestamp without time zone)
language plpgsql
stable
security definer
rows 30
set enable_seqscan to off
set jit to off
as $$
#variable_conflict use_column
declare
  plain text := search_text(pg_catalog.left(query, 1000));
  words text;
  pieces text[];
begin
  perform search_require(agent_prefix, 'customers_search_idx');
  if plain ~ '^[0-9 ]*[0-9][0-9 ]*$' then
    -- Written as within a country it begins with a zero, which the number from abroad doesn't have.
    plain := coalesce(nullif(pg_catalog.ltrim(pg_catalog.replace(plain, ' ', ''), '0'), ''), '0');
  end if;
  select q.words, q.pieces into words, pieces from search_query(plain) as q;
  if words is null then
    return;
  end if;
  return query execute pg_catalog.format(
    'select c.id, c.name, c.phone, c.created_at from ('
    '  select c.id, c.name, c.phone, c.created_at from %I c'
    '  where search_vector(search_person(c.name, c.phone), null, null, null) @@ $1::tsquery offset 0'
    ') as c'
    ' where c.id < $2 and ($3 = ''{}'' or search_text(search_person(c.name, c.phone)) like all ($3))'
    ' order by c.id desc limit $4', agent_prefix || '_customers')
  using words, coalesce(before_id, 2147483647), pieces, least(greatest(coalesce(page_size, 30), 1), 1001);
end
$$;

-- Whoever writes a row computes its entry in the index, and all that this calls.
grant execute on function {crm}.search_text(text) to authenticated, service_role;
grant execute on function {crm}.search_words(text) to authenticated, service_role;
grant execute on function {crm}.search_vector(text, timestamp without time zone, integer, integer) to authenticated, service_role;
grant execute on function {crm}.search_person(text, text) to authenticated, service_role;
grant execute on function {api}.search_messages(
  text, text, integer, timestamp without time zone, timestamp without time zone, timestamp without time zone, integer, integer
) to authenticated, service_role;
grant execute on function {api}.search_customers(text, text, integer, integer) to authenticated, service_role;
