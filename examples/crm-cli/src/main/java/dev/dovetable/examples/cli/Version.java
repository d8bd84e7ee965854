package dev.dovetable.examples.cli;

import dev.dovetable.schema.install.CrmSchema;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import org.postgresql.util.DriverInfo;
import picocli.CommandLine.IVersionProvider;

/** The versions of what takes part. */
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() throws IOException {
    Properties build = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
      build.load(in);
    }
    return new String[] {
      "crm-cli " + build.getProperty("version"),
      "schema version " + CrmSchema.create().version(),
      "PostgreSQL driver " + DriverInfo.DRIVER_VERSION,
      "Java " + Runtime.version()
    };
  }
}
