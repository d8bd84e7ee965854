insert into agent_templates (extension, version, file, checksum, template, names, tables)
values (?, ?, ?, ?, ?, ?, ?)
on conflict on constraint agent_templates_pkey do nothing
