-- Whether SQL writes a name without quotes, and the private schema's as it does this one. Parameters: schema, private
-- schema.
select
  quote_ident(given.name) = given.name as is_plain,
  (quote_ident(given.name) = given.name) = (quote_ident(given.private_name) = given.private_name) as is_private_alike
from (select ?::text as name, ?::text as private_name) as given
