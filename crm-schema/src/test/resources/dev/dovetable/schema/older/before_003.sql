-- What came with migration 002: a token to verify webhooks with.

update whatsapp_configuration set verify_token = 't1' where user_id = '00000000-0000-4000-8000-000000000002';
