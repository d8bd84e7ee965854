-- Whether somebody has written to the tables since they were made. Parameter: their oids.
select coalesce(pg_catalog.sum(pg_catalog.pg_relation_size(t.oid::regclass)), 0)::bigint as bytes
from pg_catalog.unnest(?::oid[]) as t (oid)
