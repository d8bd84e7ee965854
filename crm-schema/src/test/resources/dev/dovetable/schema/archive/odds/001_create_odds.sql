-- Values that a copy may spoil, keys in a circle, and a trigger that writes a second table.
create table {odds} (
  id bigint generated always as identity,
  customer_id integer references {customers} (id) on delete cascade,
  parent_id bigint,
  bytes bytea,
  tags text[],
  data jsonb,
  amount numeric,
  ratio double precision,
  at timestamp without time zone,
  since timestamp with time zone,
  day date,
  span interval,
  bits bit varying(9),
  "Weird Name" text default 'x',
  doubled numeric generated always as (amount * 2) stored,
  constraint {odds_pkey} primary key (id),
  constraint {odds_parent_id_fkey} foreign key (parent_id) references {odds} (id) deferrable initially deferred,
  constraint {odds_ratio_key} unique (customer_id, ratio)
);
comment on constraint {odds_pkey} on {odds} is 'What makes one odd.';
create index {odds_tags_idx} on {odds} using gin (tags);
comment on index {odds_tags_idx} is 'By tags.';
create table {odd_counts} (
  customer_id integer not null,
  odds integer not null,
  constraint {odd_counts_pkey} primary key (customer_id),
  constraint {odd_counts_customer_id_fkey} foreign key (customer_id) references {customers} (id) on delete cascade
);
create function {crm}.{odds_count}() returns trigger
language plpgsql
security definer
as $$
begin
  insert into {odd_counts} as c (customer_id, odds) values (new.customer_id, 1)
  on conflict (customer_id) do update set odds = c.odds + 1;
  return null;
end
$$;
create trigger count_odds after insert on {odds}
  for each row when (new.customer_id is not null) execute function {crm}.{odds_count}();
alter table {customers} add column odd_id bigint references {odds} (id);
revoke insert, update, delete on {odd_counts} from authenticated, service_role;
