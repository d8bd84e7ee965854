alter table {odds} add column note text;
update {odds} set note = 'odd ' || id;
create index {odds_note_idx} on {odds} (note);
