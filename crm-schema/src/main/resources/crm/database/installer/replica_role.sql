-- Whether an agent can be deleted without locking all others. In the private schema.
select may_silence_cascades() as is_allowed
