-- Where functions and tables of the installation are found. Parameters: the private schema and the schema.
select set_config('search_path', format('%I, %I, pg_temp', ?::text, ?::text), true);
