-- Whether more callbacks that led nowhere are kept than this. In the private schema. Parameter: how many.
select pg_catalog.count(*) > ?::bigint as are_many
from (select from unrouted_webhooks limit ?::bigint + 1) as kept
