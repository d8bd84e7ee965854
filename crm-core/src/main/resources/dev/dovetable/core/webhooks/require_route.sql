-- Goes on only if callbacks for the number are this agent's.
select {require_webhook_route}({number}, {prefix})
