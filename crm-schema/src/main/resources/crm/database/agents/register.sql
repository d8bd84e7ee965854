-- One more version. In the private schema.
insert into agent_templates (extension, version, file, checksum, template, names, tables)
values (?::text, ?::bigint, ?::text, ?::text, ?::text, pg_catalog.string_to_array(?::text, ','), pg_catalog.string_to_array(?::text, ','))
