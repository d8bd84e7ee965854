truncate {prefix}_messages, {prefix}_schema.messages restart identity;
