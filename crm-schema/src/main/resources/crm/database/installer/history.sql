-- The history of installations, in the private schema (the first entry of search_path). One row for each file of the
-- version that was installed; run again by every installation, changes nothing the second time.
create table if not exists schema_history (
  version integer not null,
  script text not null,
  description text not null,
  checksum text not null,
  installed_at timestamp with time zone not null default now(),
  duration_ms integer not null,
  installed_by text not null default current_user,
  constraint schema_history_pkey primary key (version, script),
  constraint schema_history_version_check check (version >= 0),
  constraint schema_history_checksum_check check (checksum ~ '^[0-9a-f]{64}$'),
  constraint schema_history_duration_ms_check check (duration_ms >= 0)
);

comment on table schema_history is
  'Files run by each installation of the CRM schema. Written by the installer only; compared with its own files at each start.';
comment on column schema_history.version is 'Schema version: the number of its newest migration.';
comment on column schema_history.script is 'Path of the file below crm/database.';
comment on column schema_history.checksum is 'SHA-256 of the text in UTF-8, every line ending counted as one LF.';
comment on column schema_history.duration_ms is 'Time the file took, in milliseconds.';
comment on column schema_history.installed_by is 'Role that ran the file; it owns what the file created.';

alter table schema_history enable row level security;
revoke all on schema_history from public, anon, authenticated, service_role;

-- A pool logs in as a member of service_role: it may check the schema's version when the application starts.
grant select on schema_history to service_role;
drop policy if exists schema_history_select on schema_history;
create policy schema_history_select on schema_history for select to service_role using (true);
comment on policy schema_history_select on schema_history is
  'A backend may check which version is installed. Nobody but the owner writes.';
