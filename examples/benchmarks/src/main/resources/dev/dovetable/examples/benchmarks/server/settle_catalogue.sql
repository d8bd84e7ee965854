vacuum analyze agents, users, pg_attrdef, pg_attribute, pg_class, pg_constraint, pg_depend, pg_description, pg_index,
  pg_policy, pg_sequence, pg_shdepend, pg_trigger, pg_type
