-- Where functions and tables of the installation are found. Parameters: the private schema and the schema.
select pg_catalog.set_config('search_path', pg_catalog.format('%I, %I, pg_temp', ?::text, ?::text), true);
