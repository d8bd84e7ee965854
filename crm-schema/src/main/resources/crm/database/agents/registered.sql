-- The versions that the database knows. In the private schema.
select extension, version, file, checksum, tables, functions, shared_functions, replaced from agent_templates
