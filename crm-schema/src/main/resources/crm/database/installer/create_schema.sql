-- The statement that creates a schema, with its name quoted where it must be. Parameter: the name.
select format('create schema if not exists %I', ?::text) as statement;
