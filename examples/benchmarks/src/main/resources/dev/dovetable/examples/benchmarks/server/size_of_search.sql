select pg_relation_size('{prefix}_messages_search_idx')::numeric / pg_relation_size('{prefix}_messages')
