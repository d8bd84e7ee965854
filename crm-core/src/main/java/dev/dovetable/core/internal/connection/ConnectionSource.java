package dev.dovetable.core.internal.connection;

import dev.dovetable.schema.errors.CrmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.jooq.ConnectionProvider;
import org.jspecify.annotations.Nullable;

/** Where connections come from and go back to. Immutable and thread-safe. */
public sealed interface ConnectionSource
    permits AgentRoute.Anywhere,
        AgentRoute.Stop,
        ConnectionSource.Host,
        ConnectionSource.Pool,
        ConnectionSource.Transaction {

  /**
   * To be called first.
   *
   * @throws IllegalStateException if there will never be a connection again
   */
  default void requireOpen() {}

  /** The transaction that the connection is in can't be committed any more. */
  default void markFailed() {}

  /** Anybody's SQL has run in the transaction that the connection is in. */
  default void markCallers() {}

  /** Something that whoever listens may want to see was committed. */
  default void committed() {}

  /** Whether it matters to tell that by {@link #committed()}. */
  default boolean announces() {
    return false;
  }

  /** Where to take a connection from now; else than itself, if that may change. */
  default ConnectionSource current() {
    return this;
  }

  /** Where the agent is that isn't here, after looking anew; empty if that isn't known. */
  default Optional<ConnectionSource> elsewhere() {
    return Optional.empty();
  }

  /** The same failure, with what is known of the place where it happened. */
  default CrmException located(CrmException failure) {
    return failure;
  }

  /** Null if there is none to be had. */
  @Nullable Connection take() throws SQLException;

  void giveBack(Connection connection) throws SQLException;

  /** Whether a connection with autocommit off is in a transaction that somebody else ends. */
  boolean isHosts();

  /** The library's own connections, none of which is in a transaction. */
  record Pool(DataSource dataSource, Optional<Notices> notices) implements ConnectionSource {
    private static final String JOINS_TRANSACTIONS =
        "org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy";

    public Pool(DataSource dataSource) {
      this(dataSource, Optional.empty());
    }

    public Pool {
      for (Class<?> type = dataSource.getClass(); type != null; type = type.getSuperclass()) {
        // By name: Spring is no dependency, and its proxy can't be told from a pool by behaviour
        // before the host's transaction has run its first statement.
        if (type.getName().equals(JOINS_TRANSACTIONS)) {
          throw new IllegalArgumentException(
              "dataSource takes part in the host's transactions: pass it as a ConnectionProvider,"
                  + " new DataSourceConnectionProvider(dataSource), or pass the host's DSLContext");
        }
      }
    }

    /** The same, which announces what is committed. */
    public Pool announcing() {
      return new Pool(dataSource, Optional.of(new Notices(dataSource)));
    }

    @Override
    public void committed() {
      notices.ifPresent(Notices::committed);
    }

    @Override
    public boolean announces() {
      return notices.isPresent();
    }

    @Override
    public Connection take() throws SQLException {
      return dataSource.getConnection();
    }

    @Override
    public void giveBack(Connection connection) throws SQLException {
      connection.close();
    }

    @Override
    public boolean isHosts() {
      return false;
    }
  }

  /**
   * The one connection of a transaction that its caller ends.
   *
   * @param held whose connection it is, and who ends it
   */
  record Transaction(HeldConnection held) implements ConnectionSource {
    @Override
    public void requireOpen() {
      held.requireOpen();
    }

    @Override
    public Connection take() {
      return held.acquire().getDelegate();
    }

    @Override
    public void giveBack(Connection taken) {}

    @Override
    public void markFailed() {
      held.markFailed();
    }

    @Override
    public void markCallers() {
      held.markCallers();
    }

    @Override
    public boolean isHosts() {
      return true;
    }
  }

  /** The host's connections, which may be in a transaction of the host's. */
  record Host(ConnectionProvider provider) implements ConnectionSource {
    @Override
    public @Nullable Connection take() {
      return provider.acquire();
    }

    @Override
    public void giveBack(Connection connection) {
      provider.release(connection);
    }

    @Override
    public boolean isHosts() {
      return true;
    }
  }
}
