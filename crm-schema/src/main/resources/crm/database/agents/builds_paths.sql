-- The paths that the library's functions and extensions' SQL need. Parameters: the private schema, the schema.
select pg_catalog.format('%I, pg_temp', ?::text) as private_path, pg_catalog.format('%I, pg_temp', ?::text) as home_path
