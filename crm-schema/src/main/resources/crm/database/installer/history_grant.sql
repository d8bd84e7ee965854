-- The statement that lets a backend reach the history by name. Parameter: the private schema.
select format('grant usage on schema %I to service_role', ?::text) as statement;
