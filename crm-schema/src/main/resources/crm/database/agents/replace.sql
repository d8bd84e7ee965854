-- Puts another text in place of a version's, and keeps the checksum of the one before: agents that have that one keep it.
-- Parameters: file, template, names, shared functions, indexes, privileges, shared statements, builds, checksum, extension,
-- version.
update agent_templates t
set file = ?::text, template = ?::text, names = pg_catalog.string_to_array(?::text, ','),
  shared_functions = pg_catalog.string_to_array(?::text, ','), indexes = pg_catalog.string_to_array(?::text, ','),
  privileges = pg_catalog.string_to_array(?::text, pg_catalog.chr(31)), shared = pg_catalog.string_to_array(?::text, pg_catalog.chr(31)),
  builds = pg_catalog.string_to_array(?::text, pg_catalog.chr(31)), checksum = n.checksum,
  replaced = pg_catalog.array_remove(pg_catalog.array_append(pg_catalog.array_remove(t.replaced, t.checksum), t.checksum), n.checksum)
from (select ?::text as checksum) as n
where t.extension = ?::text and t.version = ?::bigint
