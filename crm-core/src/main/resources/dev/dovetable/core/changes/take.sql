-- Slots: take_changes(); the agent's prefix or null, the consumer's name, and how many.
select {take_changes}({agent}::text, {consumer}::text, {wanted}::integer) as page
