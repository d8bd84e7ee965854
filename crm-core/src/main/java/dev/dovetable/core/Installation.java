package dev.dovetable.core;

/** What statements on the base tables are about. */
record Installation(String schema) implements StatementListener.Subject {

  @Override
  public String name() {
    return "the CRM in schema " + schema;
  }
}
