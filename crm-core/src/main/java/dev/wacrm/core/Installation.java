package dev.wacrm.core;

import dev.wacrm.schema.CrmException;

/** What statements on the base tables are about. */
record Installation(String schema) implements StatementListener.Subject {

  @Override
  public String name() {
    return "the CRM in schema " + schema;
  }

  @Override
  public CrmException explain(DatabaseException missing, ActingConnection connection) {
    return missing;
  }
}
