-- Slots: remove_consumer(); the agent's prefix or null, and the consumer's name.
select {remove_consumer}({agent}::text, {consumer}::text) as done
