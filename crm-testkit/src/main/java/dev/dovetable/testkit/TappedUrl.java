package dev.dovetable.testkit;

import dev.dovetable.testkit.server.wire.WireTap;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The address of a database behind a tap. Immutable; the tap is its owner's to close. */
record TappedUrl(WireTap tap, JdbcUrl url) {

  static TappedUrl of(String direct) {
    PGSimpleDataSource parsed = new PGSimpleDataSource();
    parsed.setUrl(direct);
    WireTap tap = WireTap.open(parsed.getServerNames()[0], parsed.getPortNumbers()[0]);
    String tapped =
        direct.replaceFirst("//[^/]*/", "//localhost:" + tap.port() + "/")
            + (direct.contains("?") ? "&" : "?")
            // The tap reads what is sent, and nothing is sent but what the application sends.
            + "sslmode=disable&gssEncMode=disable&assumeMinServerVersion=15";
    return new TappedUrl(tap, new JdbcUrl(tapped));
  }

  DataSource dataSource() {
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setUrl(url.value());
    return dataSource;
  }
}
