-- In the private schema. Parameter: the prefix.
select pg_catalog.pg_advisory_unlock(migration_key(?::text)), pg_catalog.pg_advisory_unlock(build_key())
