copy {prefix}_messages (customer_id, message, direction, timestamp) from stdin
