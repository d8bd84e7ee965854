-- What row level security keeps from being used.
create extension if not exists pg_trgm;
create index {prefix}_messages_trigrams_idx on {prefix}_messages using gin (message gin_trgm_ops)
