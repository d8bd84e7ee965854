package dev.dovetable.core.jooq;

import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.testkit.server.DatabasePreparer;
import javax.sql.DataSource;

/** The schema in a schema of the host's choice, as its owner's superuser installs it. */
final class InstalledSchema implements DatabasePreparer {

  static final String NAME = "host_crm";

  @Override
  public void prepare(DataSource superuser) {
    CrmSchema.builder().schema(NAME).build().install(superuser);
  }
}
