-- All that is registered of an extension, in the order in which agents get it. In the private schema. Parameter: the extension.
select version, file, checksum, template, names, tables, functions, shared_functions, indexes, privileges, shared, builds
from agent_templates
where extension = ?::text
order by registered
