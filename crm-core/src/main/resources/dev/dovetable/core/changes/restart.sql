-- Slots: restart_consumer(); the agent's prefix or null, and the consumer's name.
select {restart_consumer}({agent}::text, {consumer}::text)::text as done
