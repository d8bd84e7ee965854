package dev.dovetable.core;

import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.internal.connection.Sessions;

/**
 * Where everything is done that isn't a signed-in user's: as the service, as agents, for webhooks.
 */
sealed interface ServiceWork {

  /**
   * Its connections.
   *
   * @param form what was called, to be named by the exception
   * @throws RefusedException if there are none; nothing was sent
   */
  Sessions sessions(String form);

  /** The same in a transaction on the users' connections. */
  ServiceWork within(Sessions transaction);

  /** On the users' connections. */
  record Shared(Sessions users) implements ServiceWork {
    @Override
    public Sessions sessions(String form) {
      return users;
    }

    @Override
    public ServiceWork within(Sessions transaction) {
      return new Shared(transaction);
    }
  }

  /** On connections of its own. */
  record Apart(Sessions own) implements ServiceWork {
    @Override
    public Sessions sessions(String form) {
      return own;
    }

    @Override
    public ServiceWork within(Sessions transaction) {
      return new NotWithin();
    }
  }

  /** Not in this transaction. */
  record NotWithin() implements ServiceWork {
    @Override
    public Sessions sessions(String form) {
      throw new RefusedException(
          RefusedException.Reason.NO_SERVICE,
          "The transaction is on the connections of signed-in users, and "
              + form
              + " has a DataSource of its own.",
          "Do that outside of the transaction; or make a CRM of the service's DataSource alone, and"
              + " do all of it in a transaction of that one.");
    }

    @Override
    public ServiceWork within(Sessions transaction) {
      return this;
    }
  }

  /** Nowhere. */
  record None() implements ServiceWork {
    @Override
    public Sessions sessions(String form) {
      throw new RefusedException(
          RefusedException.Reason.NO_SERVICE,
          "The CRM was made for signed-in users alone, which rules out " + form + ".",
          "Give it a DataSource for that, whose login is a member of service_role:"
              + " Crm.builder(…).serviceDataSource(…).");
    }

    @Override
    public ServiceWork within(Sessions transaction) {
      return this;
    }
  }
}
