alter table {prefix}_customers drop column note
