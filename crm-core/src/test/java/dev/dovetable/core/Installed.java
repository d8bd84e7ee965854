package dev.dovetable.core;

import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.testkit.server.DatabasePreparer;
import javax.sql.DataSource;

/** A database with the CRM in a schema that is on nobody's search path. */
final class Installed implements DatabasePreparer {
  static final String SCHEMA = "crm";

  @Override
  public void prepare(DataSource superuser) {
    CrmSchema.builder().schema(SCHEMA).build().install(superuser);
  }
}
