create index concurrently {messages_direction_timestamp_idx} on {messages} (direction, timestamp);
