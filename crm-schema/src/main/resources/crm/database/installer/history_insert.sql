-- One file of an installation. The same version again (a repair) replaces its row.
insert into schema_history (version, script, description, checksum, duration_ms)
values (?::integer, ?::text, ?::text, ?::text, ?::integer)
on conflict on constraint schema_history_pkey do update set
  description = excluded.description,
  checksum = excluded.checksum,
  installed_at = excluded.installed_at,
  duration_ms = excluded.duration_ms,
  installed_by = excluded.installed_by;
