create table {notes} (
  customer_id integer primary key references {customers} (id) on delete cascade,
  text text not null check (text <> '')
);
create index {notes_text_idx} on {notes} (text);
