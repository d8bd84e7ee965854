package dev.dovetable.core.internal.connection;

import dev.dovetable.schema.errors.CrmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Leads to the database that an agent is in, among several. Thread-safe. */
public interface AgentRoute {

  /**
   * A pool of one of the databases.
   *
   * @param database its name
   * @param source the pool
   */
  record Place(String database, ConnectionSource source) {}

  /**
   * Where the agent is, as far as is known.
   *
   * @throws CrmException if there is no such agent, or that can't be found out
   */
  Place here();

  /** Where it is, as it isn't there: asks the directory, once. Empty if that names no other one. */
  Optional<Place> insteadOf(Place refused);

  /** The failure as one of that database's, if it is the database that has failed. */
  CrmException located(Place place, CrmException failure);

  /**
   * Connections of whichever database the agent is in.
   *
   * @param route leads there
   */
  record Anywhere(AgentRoute route) implements ConnectionSource {
    @Override
    public ConnectionSource current() {
      return new Stop(route, route.here(), false);
    }

    @Override
    public @Nullable Connection take() throws SQLException {
      return current().take();
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
   * Where the agent was when a connection was taken.
   *
   * @param isSecond whether it was looked for once already
   */
  record Stop(AgentRoute route, Place place, boolean isSecond) implements ConnectionSource {
    @Override
    public Optional<ConnectionSource> elsewhere() {
      return isSecond
          ? Optional.empty()
          : route.insteadOf(place).map(next -> new Stop(route, next, true));
    }

    @Override
    public CrmException located(CrmException failure) {
      return route.located(place, failure);
    }

    @Override
    public void committed() {
      place.source().committed();
    }

    @Override
    public boolean announces() {
      return place.source().announces();
    }

    @Override
    public @Nullable Connection take() throws SQLException {
      return place.source().take();
    }

    @Override
    public void giveBack(Connection connection) throws SQLException {
      place.source().giveBack(connection);
    }

    @Override
    public boolean isHosts() {
      return false;
    }
  }
}
