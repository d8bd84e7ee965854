-- Whoever gave a colleague's delivery another message had that colleague as its sender.

create trigger keep_message before update of message_id on {whatsapp_deliveries}
  for each row when (new.message_id is distinct from old.message_id) execute function {crm}.keep_sender();
