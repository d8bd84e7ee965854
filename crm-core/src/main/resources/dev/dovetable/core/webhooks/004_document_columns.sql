-- Says what each column holds, for whoever reads the tables in a client, or the classes that are generated from them.

comment on column {whatsapp_deliveries}.provider_id is 'WhatsApp''s id of the message.';
comment on column {whatsapp_deliveries}.media_id is 'By which the file can be fetched from WhatsApp.';
comment on column {whatsapp_deliveries}.mime_type is 'The file''s type.';
comment on column {whatsapp_deliveries}.caption is 'The text below the file.';
comment on column {whatsapp_deliveries}.file_name is 'The file''s name.';
comment on column {whatsapp_deliveries}.sha256 is 'The file''s digest, as WhatsApp writes it.';
comment on column {whatsapp_deliveries}.latitude is 'Of a location, in degrees.';
comment on column {whatsapp_deliveries}.longitude is 'Of a location, in degrees.';

comment on column {whatsapp_statuses}.provider_id is 'WhatsApp''s id of the message, which may not be there yet.';
comment on column {whatsapp_statuses}.sent_at is 'When WhatsApp took it. UTC.';
comment on column {whatsapp_statuses}.delivered_at is 'When it came to the recipient''s phone. UTC.';
comment on column {whatsapp_statuses}.read_at is 'When the recipient saw it. UTC.';
comment on column {whatsapp_statuses}.played_at is 'When the recipient listened to it. UTC.';
comment on column {whatsapp_statuses}.failed_at is 'When it failed. UTC.';
comment on column {whatsapp_statuses}.deleted_at is 'When the recipient deleted it. UTC.';
comment on column {whatsapp_statuses}.state is 'The furthest of these states.';
comment on column {whatsapp_statuses}.pricing_model is 'Such as PMP, a price for each message.';
comment on column {whatsapp_statuses}.pricing_category is 'Such as marketing, utility or service.';
comment on column {whatsapp_statuses}.pricing_type is 'Such as regular or free_customer_service.';
comment on column {whatsapp_statuses}.conversation_origin is 'What opened that conversation.';
comment on column {whatsapp_statuses}.conversation_expires_at is 'Until when that conversation lasts. UTC.';

comment on column {whatsapp_participants}.provider_id is 'WhatsApp''s id of the message to the group.';
comment on column {whatsapp_participants}.phone is 'The member''s number, as WhatsApp writes it.';
comment on column {whatsapp_participants}.user_id is 'The member''s user id.';
comment on column {whatsapp_participants}.sent_at is 'When WhatsApp took it for the member. UTC.';
comment on column {whatsapp_participants}.delivered_at is 'When it came to the member''s phone. UTC.';
comment on column {whatsapp_participants}.read_at is 'When the member saw it. UTC.';
comment on column {whatsapp_participants}.played_at is 'When the member listened to it. UTC.';
comment on column {whatsapp_participants}.failed_at is 'When it failed for the member. UTC.';
comment on column {whatsapp_participants}.deleted_at is 'When the member deleted it. UTC.';

comment on column {whatsapp_consents}.told_at is 'When it was told. UTC.';
comment on column {whatsapp_consents}.place is 'In the body that it came in: orders what was told in one second.';
comment on column {whatsapp_consents}.customer_id is 'Null once the customer was deleted.';
comment on column {whatsapp_consents}.phone is 'The number of who told it, as WhatsApp writes it.';
comment on column {whatsapp_consents}.user_id is 'The user id of who told it.';
comment on column {whatsapp_consents}.detail is 'What WhatsApp says about it in words.';
comment on column {whatsapp_consents}.phone_number_id is 'The business number that it came through.';

comment on column {whatsapp_profiles}.customer_id is 'The customer.';
comment on column {whatsapp_profiles}.name is 'The name that was written.';
comment on column {whatsapp_profiles}.phone is 'The phone number that was written.';

comment on column {whatsapp_sightings}.kind is 'Whether it is a person or a group.';
comment on column {whatsapp_sightings}.last_seen is 'The last position at which they were seen together.';
comment on column {whatsapp_sightings}.named is 'The position at which the name was told.';
comment on column {whatsapp_sightings}.username is 'The newest user name, told at username_seen.';
comment on column {whatsapp_sightings}.username_seen is 'The position at which the user name was told.';
comment on column {whatsapp_sightings}.parent_user_id is 'The user id that several portfolios of businesses share.';
comment on column {whatsapp_sightings}.usual_name is 'The name with which seeing them again tells nothing new.';

comment on column {whatsapp_changes}.source is 'WhatsApp''s id of the message that says so.';
comment on column {whatsapp_changes}.seen is 'The position of that message: a UTC time, a space, and its id.';
comment on column {whatsapp_changes}.user_id is 'The user id until then; empty if it isn''t told.';
comment on column {whatsapp_changes}.phone is 'The number until then; empty if it isn''t told.';
comment on column {whatsapp_changes}.match_key is 'The same for all ways to write that number.';
comment on column {whatsapp_changes}.new_user_id is 'The user id from then on; empty if it isn''t told.';
comment on column {whatsapp_changes}.new_phone is 'The number from then on; empty if it isn''t told.';
comment on column {whatsapp_changes}.new_match_key is 'The same for all ways to write the new number.';
comment on column {whatsapp_changes}.customer_id is 'Whom it is about; null as long as that is no customer.';

comment on column {whatsapp_merges}.lost_id is 'The id of the customer that was merged into the other one.';
comment on column {whatsapp_merges}.kept_id is 'The customer that has all of it now.';
comment on column {whatsapp_merges}.merged_at is 'When it was done. UTC.';
