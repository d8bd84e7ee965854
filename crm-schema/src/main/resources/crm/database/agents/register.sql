-- One more version. In the private schema.
insert into agent_templates (extension, version, file, checksum, template, names, tables)
values (?, ?::bigint, ?, ?, ?, string_to_array(?, ','), string_to_array(?, ','))
