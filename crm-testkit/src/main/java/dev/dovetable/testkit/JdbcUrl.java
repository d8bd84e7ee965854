package dev.dovetable.testkit;

import static java.util.Objects.requireNonNull;

/**
 * The address of a test's database, as the application's login: for pools and frameworks that open
 * connections themselves. A type of its own, so that a test can take it as a parameter. Immutable
 * and thread-safe.
 *
 * @param value what {@code DriverManager} takes; needs no further properties
 */
public record JdbcUrl(String value) {

  /**
   * Checks that there is an address.
   *
   * @param value the address
   */
  public JdbcUrl {
    requireNonNull(value, "value");
  }

  /**
   * The address without the password.
   *
   * @return what can be logged
   */
  @Override
  public String toString() {
    return value.replaceAll("password=[^&]*", "password=…");
  }
}
