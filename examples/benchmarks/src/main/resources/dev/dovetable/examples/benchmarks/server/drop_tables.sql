drop table {prefix}_orders_items, {prefix}_orders, {prefix}_messages, {prefix}_customers
