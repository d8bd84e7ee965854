-- Who wrote an answer.

alter table {whatsapp_deliveries} add column sent_by uuid;
create trigger tell_sender before insert on {whatsapp_deliveries}
  for each row when (new.sent_by is not null) execute function {crm}.keep_sender();
create trigger keep_sender before update on {whatsapp_deliveries}
  for each row when (new.sent_by is distinct from old.sent_by) execute function {crm}.keep_sender();
comment on column {whatsapp_deliveries}.sent_by is 'Of a message that was sent: the signed-in user who did; null if a backend'
  ' did, or it isn''t known.';
