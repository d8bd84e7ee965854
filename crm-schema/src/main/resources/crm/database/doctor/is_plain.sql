-- Whether SQL writes a name without quotes, and the private schema's as it does this one; quote_ident() hangs on a setting.
-- Parameters: schema, private schema.
with
  name as (
    select
      given.place,
      given.name ~ '^[a-z_][a-z0-9_]*$'
        and not exists (select from pg_get_keywords() k where k.word = given.name and k.catcode <> 'U') as is_plain
    from unnest(array[?::text, ?::text]::text[]) with ordinality as given (name, place)
  )
select this.is_plain, this.is_plain = private.is_plain as is_private_alike
from name this
join name private on private.place = 2
where this.place = 1
