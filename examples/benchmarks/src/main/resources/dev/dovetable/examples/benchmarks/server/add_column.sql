alter table {prefix}_customers add column note text
