-- The state of each conversation, one row for a customer. What is derived is a function of the customer's messages and of
-- what people have set; 002_keep_conversations.sql keeps it. A position is a time and the id of the message, because
-- WhatsApp's clock has seconds. Nothing that a message holds is copied, so nothing has to be erased twice.
create table {conversations} (
  customer_id integer not null,
  last_message_at timestamp without time zone,
  last_message_id integer,
  last_inbound_at timestamp without time zone,
  last_inbound_id integer,
  last_outbound_at timestamp without time zone,
  last_outbound_id integer,
  phone_number_id text,
  is_group boolean not null default false,
  unread integer not null default 0,
  waiting_since timestamp without time zone,
  read_up_to_at timestamp without time zone,
  read_up_to_id integer,
  set_status text not null default 'open',
  set_up_to_at timestamp without time zone,
  set_up_to_id integer,
  snoozed_until timestamp without time zone,
  assignee uuid,
  version bigint not null default 0,
  changed_at timestamp without time zone,
  changed_by uuid,
  -- A message from the customer behind the position opens it again, and one before it, which came late, doesn't: in
  -- whatever order they come.
  status text not null generated always as (
    case
      when set_status <> 'open' and last_inbound_id is not null
        and (set_up_to_id is null or (last_inbound_at, last_inbound_id) > (set_up_to_at, set_up_to_id))
      then 'open'
      else set_status
    end
  ) stored,
  constraint {conversations_pkey} primary key (customer_id),
  constraint {conversations_customer_id_fkey} foreign key (customer_id) references {customers} (id) on delete cascade,
  -- One, because each is prepared anew for each message that is stored.
  constraint {conversations_set_status_check} check (
    set_status = 'snoozed' and snoozed_until is not null or set_status in ('open', 'closed') and snoozed_until is null)
) with (fillfactor = 70);
-- Lists walk these by their order; the rest is filtered. A snooze that is over is open, so the one of what is open has the
-- snoozed ones, too.
create index {conversations_last_message_idx} on {conversations} (last_message_at desc, last_message_id desc)
  where last_message_id is not null;
create index {conversations_open_idx} on {conversations} (last_message_at desc, last_message_id desc)
  where last_message_id is not null and status <> 'closed';
create index {conversations_unread_idx} on {conversations} (last_message_at desc, last_message_id desc)
  where last_message_id is not null and unread > 0;
create index {conversations_assignee_idx} on {conversations} (assignee, last_message_at desc, last_message_id desc)
  where last_message_id is not null and status <> 'closed';
create index {conversations_snoozed_idx} on {conversations} (snoozed_until, customer_id) where status = 'snoozed';
comment on table {conversations} is 'The state of the conversation with each customer, not of a person who reads it.';
comment on column {conversations}.customer_id is 'Whose it is. Set to another customer''s, by merging, the two become one.';
comment on column {conversations}.last_message_at is 'The time of the last message, by (time, id); null without messages. UTC.';
comment on column {conversations}.last_message_id is 'The last message. No key: it is kept with the messages.';
comment on column {conversations}.last_inbound_at is 'When the customer wrote last: WhatsApp lets one answer for 24 hours from'
  ' then on. UTC.';
comment on column {conversations}.last_inbound_id is 'The last message from the customer.';
comment on column {conversations}.last_outbound_at is 'When the customer was written to last. UTC.';
comment on column {conversations}.last_outbound_id is 'The last message to the customer.';
comment on column {conversations}.phone_number_id is 'The business number that the last message from the customer came through;'
  ' null if no callback brought it.';
comment on column {conversations}.is_group is 'Whether the customer is a group.';
comment on column {conversations}.unread is 'How many messages from the customer are behind read_up_to.';
comment on column {conversations}.waiting_since is 'The time of the first message from the customer behind the last one to the'
  ' customer; null if there is none. UTC.';
comment on column {conversations}.read_up_to_at is 'Up to when the customer''s messages are read: its time, or of an answer that of'
  ' the customer''s last message before it. UTC.';
comment on column {conversations}.read_up_to_id is 'The last message that anybody has read. Only moves forward.';
comment on column {conversations}.set_status is 'What people have set: open, snoozed or closed. See status.';
comment on column {conversations}.set_up_to_at is 'Up to when the customer''s messages were seen, as read_up_to_at. UTC.';
comment on column {conversations}.set_up_to_id is 'The last message that was seen when the status was set: one from the customer'
  ' behind it opens the conversation.';
comment on column {conversations}.snoozed_until is 'From when on what is snoozed counts as open. UTC.';
comment on column {conversations}.assignee is 'Whose it is to answer: the agent''s user or a member.';
comment on column {conversations}.version is 'Counts what people change about assignee and status.';
comment on column {conversations}.changed_at is 'When that was done last. UTC.';
comment on column {conversations}.changed_by is 'The signed-in user who did; null if a backend did.';
comment on column {conversations}.status is 'open, snoozed or closed. What is snoozed is open once snoozed_until is over.';

create table {conversation_tags} (
  customer_id integer not null,
  tag text not null,
  added_by uuid default auth.uid(),
  added_at timestamp without time zone not null default timezone('utc', now()),
  constraint {conversation_tags_pkey} primary key (customer_id, tag),
  constraint {conversation_tags_customer_id_fkey} foreign key (customer_id) references {customers} (id) on delete cascade,
  constraint {conversation_tags_tag_check} check (tag = btrim(tag) and tag <> '' and length(tag) <= 100)
);
create index {conversation_tags_tag_idx} on {conversation_tags} (tag, customer_id);
comment on table {conversation_tags} is 'Words by which people sort conversations.';
comment on column {conversation_tags}.customer_id is 'Whose conversation it is.';
comment on column {conversation_tags}.tag is 'The word, as it was written.';
comment on column {conversation_tags}.added_by is 'The signed-in user who has added it; null if a backend has.';
comment on column {conversation_tags}.added_at is 'When. UTC.';

create table {conversation_notes} (
  id bigint generated always as identity,
  customer_id integer not null,
  note text not null,
  written_by uuid default auth.uid(),
  written_at timestamp without time zone not null default timezone('utc', now()),
  constraint {conversation_notes_pkey} primary key (id),
  constraint {conversation_notes_customer_id_fkey} foreign key (customer_id) references {customers} (id) on delete cascade,
  constraint {conversation_notes_note_check} check (note <> '')
);
create index {conversation_notes_customer_id_idx} on {conversation_notes} (customer_id, id desc);
comment on table {conversation_notes} is 'What colleagues tell each other about a customer, who never sees it.';
comment on column {conversation_notes}.id is 'In the order of writing.';
comment on column {conversation_notes}.customer_id is 'Whose conversation it is.';
comment on column {conversation_notes}.note is 'The text.';
comment on column {conversation_notes}.written_by is 'The signed-in user who has written it; null if a backend has.';
comment on column {conversation_notes}.written_at is 'When. UTC.';

-- Of the conversation rather than the customer, so that merging customers doesn't need the right to change it.
create table {conversation_changes} (
  id bigint generated always as identity,
  customer_id integer not null,
  version bigint not null,
  kind text not null,
  assignee uuid,
  previous_assignee uuid,
  up_to_id integer,
  snoozed_until timestamp without time zone,
  changed_by uuid,
  changed_at timestamp without time zone not null,
  constraint {conversation_changes_pkey} primary key (id),
  constraint {conversation_changes_customer_id_fkey} foreign key (customer_id)
    references {conversations} (customer_id) on delete cascade,
  constraint {conversation_changes_kind_check} check (kind in ('assigned', 'unassigned', 'opened', 'snoozed', 'closed'))
);
create index {conversation_changes_customer_id_idx} on {conversation_changes} (customer_id, id desc);
comment on table {conversation_changes} is 'Who has assigned, closed, snoozed and opened conversations, and when. What a message'
  ' opens is not in it.';
comment on column {conversation_changes}.id is 'In the order of the changes of one conversation.';
comment on column {conversation_changes}.customer_id is 'Whose conversation it is.';
comment on column {conversation_changes}.version is 'The conversation''s version from then on.';
comment on column {conversation_changes}.kind is 'assigned, unassigned, opened, snoozed or closed.';
comment on column {conversation_changes}.assignee is 'Who has it from then on, whatever the kind.';
comment on column {conversation_changes}.previous_assignee is 'Who had it until then.';
comment on column {conversation_changes}.up_to_id is 'Of a status that was set: the last message that was seen.';
comment on column {conversation_changes}.snoozed_until is 'Of a snooze: until when. UTC.';
comment on column {conversation_changes}.changed_by is 'The signed-in user who did it; null if a backend did.';
comment on column {conversation_changes}.changed_at is 'When. UTC.';

-- No key to customers: it holds whom a trigger has passed over, for an instant as a rule, and is nobody's to move.
create table {conversation_marks} (
  id bigint generated always as identity,
  customer_id integer not null,
  constraint {conversation_marks_pkey} primary key (id)
);
create index {conversation_marks_customer_id_idx} on {conversation_marks} (customer_id);
comment on table {conversation_marks} is 'Conversations that somebody else had locked when a message was stored: whoever ends'
  ' last computes them anew, at commit.';
comment on column {conversation_marks}.id is 'Its own.';
comment on column {conversation_marks}.customer_id is 'Whose conversation it is.';
