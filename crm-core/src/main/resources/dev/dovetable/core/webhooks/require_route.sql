-- Goes on only if deliveries for the number are this agent's.
select {require_webhook_route}({number}, {prefix})
