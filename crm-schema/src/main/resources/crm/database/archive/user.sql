-- The agent's user; the number in that user's configuration becomes the agent's. Parameters: the user, the agent's id.
update agents set user_id = ?::uuid where id = ?::bigint
