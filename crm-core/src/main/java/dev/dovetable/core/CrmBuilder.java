package dev.dovetable.core;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.CrmObserver;
import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.internal.connection.ConnectionSource;
import dev.dovetable.core.internal.connection.Sessions;
import dev.dovetable.core.internal.connection.Timeouts;
import dev.dovetable.core.internal.sql.BaseTables;
import dev.dovetable.core.internal.sql.JooqVersion;
import dev.dovetable.core.news.NewsListener;
import dev.dovetable.core.webhooks.WebhookSettings;
import dev.dovetable.core.webhooks.Webhooks;
import dev.dovetable.schema.internal.settings.Bounds;
import dev.dovetable.schema.internal.settings.Names;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Settings of a {@link Crm}. Not thread-safe; {@link #build()} can be called many times. */
public final class CrmBuilder {
  private static final int DEFAULT_WEBHOOK_BYTES = 3 * 1024 * 1024;
  private static final int MAX_WEBHOOK_BYTES = 64 * 1024 * 1024;

  private final ConnectionSource source;
  private Optional<ConnectionSource> serviceSource = Optional.empty();
  private boolean withoutService;
  private String schema = Names.DEFAULT_SCHEMA;
  private Optional<Duration> statementTimeout = Optional.empty();
  private Optional<Duration> lockTimeout = Optional.empty();
  private List<String> webhookSecrets = List.of();
  private boolean unsignedWebhooks;
  private int webhookBytes = DEFAULT_WEBHOOK_BYTES;
  private Optional<NewsListener> newsListener = Optional.empty();
  private boolean announcesChanges;
  private CrmObserver observer = CrmObserver.NONE;

  CrmBuilder(ConnectionSource source) {
    JooqVersion.require();
    this.source = source;
  }

  /**
   * The schema that holds the tables; default {@code public}.
   *
   * @param schema a name, unquoted; at most 55 bytes
   * @return this builder
   * @throws IllegalArgumentException if there can be no such schema
   */
  public CrmBuilder schema(String schema) {
    this.schema = Names.requireSchema(schema);
    return this;
  }

  /**
   * Connections of their own for all that isn't done as a signed-in user: {@link Crm#asService},
   * {@link Crm#asAgent} and {@link Crm#webhooks}. The login of those that the builder was made with
   * is then no member of {@code service_role}, only of {@code authenticated}; this one's is of
   * both. SQL that somebody smuggles into a user's request can still act as any user, an admin too,
   * but not as the service. Default: there is one login for both.
   *
   * <p>What is done here is never part of a transaction of the host's, nor of {@link
   * Crm#transaction}.
   *
   * @param service gives connections on which no transaction is open, from a pool as a rule
   * @return this builder
   * @throws IllegalArgumentException if it is Spring's TransactionAwareDataSourceProxy
   */
  public CrmBuilder serviceDataSource(DataSource service) {
    this.serviceSource = Optional.of(new ConnectionSource.Pool(requireNonNull(service, "service")));
    return this;
  }

  /**
   * For an application that only answers requests of signed-in users, on a login that is no member
   * of {@code service_role}: {@link Crm#asService}, {@link Crm#asAgent} and {@link Crm#webhooks}
   * throw {@link RefusedException} before anything is sent.
   *
   * @return this builder
   */
  public CrmBuilder withoutService() {
    this.withoutService = true;
    return this;
  }

  /**
   * How long one statement may run; default: as the server, the database or the login has it. When
   * it is reached, the statement throws {@link DatabaseException} of kind CANCELLED. Costs no round
   * trip; the host's own statements keep the host's.
   *
   * @param timeout from 1 millisecond to 24 days; fractions of a millisecond are dropped
   * @return this builder
   * @throws IllegalArgumentException if it is out of these bounds
   */
  public CrmBuilder statementTimeout(Duration timeout) {
    this.statementTimeout = Optional.of(timeout("statementTimeout", timeout));
    return this;
  }

  /**
   * How long a statement may wait for one lock; default: as the server, the database or the login
   * has it, and 30 seconds where none of them has a bound, since any login of the database can hold
   * a lock that the library waits for. Connections of the host's get no default: its transaction
   * would end by it. When it is reached, the statement throws {@link DatabaseException} of kind
   * LOCK_TIMEOUT, which is retryable. Costs no round trip. Making and deleting agents have bounds
   * of their own.
   *
   * @param timeout from 1 millisecond to 24 days, shorter than the statement timeout; fractions of
   *     a millisecond are dropped
   * @return this builder
   * @throws IllegalArgumentException if it is out of these bounds
   */
  public CrmBuilder lockTimeout(Duration timeout) {
    this.lockTimeout = Optional.of(timeout("lockTimeout", timeout));
    return this;
  }

  /**
   * The secrets of the apps at Meta that send webhooks, with one of which each body has to be
   * signed. Several while a secret is replaced by another one. Default: none, with which {@link
   * Webhooks#receive} refuses everything.
   *
   * @param secrets the apps' secrets
   * @return this builder
   * @throws IllegalArgumentException if there is none, or one is null or blank
   */
  public CrmBuilder webhookSecrets(String... secrets) {
    List<String> all = new ArrayList<>();
    for (@Nullable String secret : requireNonNull(secrets, "webhookSecrets")) {
      if (secret == null || secret.isBlank()) {
        throw new IllegalArgumentException(
            "webhookSecrets has one that is null or blank: is it set where it is read from?");
      }
      all.add(secret);
    }
    if (all.isEmpty()) {
      throw new IllegalArgumentException("webhookSecrets must be at least one");
    }
    this.webhookSecrets = List.copyOf(all);
    return this;
  }

  /**
   * Takes callbacks whoever sends them: for tests, or where something in front of the application
   * has checked the signature.
   *
   * @return this builder
   */
  public CrmBuilder withoutWebhookSignatures() {
    this.unsignedWebhooks = true;
    return this;
  }

  /**
   * How long the body of a callback may be; default 3 MiB, which is WhatsApp's own bound. A longer
   * one is refused with an {@link InvalidDataException} of the kind TOO_LONG.
   *
   * @param bytes from 1 to 64 MiB
   * @return this builder
   * @throws IllegalArgumentException if it is out of these bounds
   */
  public CrmBuilder webhookBodyLimit(int bytes) {
    this.webhookBytes = Bounds.require("webhookBodyLimit", bytes, MAX_WEBHOOK_BYTES);
    return this;
  }

  /**
   * Who hears of what WhatsApp tells besides messages and statuses: templates, the account,
   * numbers, calls, groups and so on. Default: nobody; {@link Webhooks#news()} has it either way.
   *
   * @param listener called after the news is kept: see {@link NewsListener#onNews}
   * @return this builder
   */
  public CrmBuilder webhookNews(NewsListener listener) {
    this.newsListener = Optional.of(requireNonNull(listener, "listener"));
    return this;
  }

  /**
   * Has whoever {@linkplain dev.dovetable.core.changes.ChangeFeed#listen listens}, in whatever
   * process, look as soon as this CRM has committed something: by one NOTIFY in 50 milliseconds at
   * most, on a connection of its own from the DataSource. Default: listeners find it themselves,
   * 200 milliseconds later at most. Of the host's transactions nothing is announced.
   *
   * @return this builder
   */
  public CrmBuilder announceChanges() {
    this.announcesChanges = true;
    return this;
  }

  /**
   * Who hears of statements, callbacks and changes, for metrics and traces. Default: {@link
   * CrmObserver#NONE}, which costs nothing.
   *
   * @param observer called while work is done
   * @return this builder
   */
  public CrmBuilder observer(CrmObserver observer) {
    this.observer = requireNonNull(observer, "observer");
    return this;
  }

  private static Duration timeout(String setting, Duration timeout) {
    return Bounds.require(setting, timeout, Bounds.MILLISECOND, Bounds.LONGEST_TIMEOUT);
  }

  /**
   * Makes the CRM. No database is needed yet.
   *
   * @return the CRM
   * @throws IllegalArgumentException if the lock timeout isn't shorter than the statement timeout,
   *     there are secrets for webhooks whose signatures aren't to be checked, or there is a
   *     DataSource for a service that isn't to be had
   */
  public Crm build() {
    if (withoutService && serviceSource.isPresent()) {
      throw new IllegalArgumentException(
          "there is a serviceDataSource, and withoutService: drop one of them");
    }
    Sessions users = sessions(source);
    return new Crm(
        users,
        withoutService
            ? new ServiceWork.None()
            : serviceSource
                .<ServiceWork>map(own -> new ServiceWork.Apart(sessions(own)))
                .orElseGet(() -> new ServiceWork.Shared(users)),
        new WebhookSettings(webhookSecrets, unsignedWebhooks, webhookBytes, newsListener));
  }

  private Sessions sessions(ConnectionSource connections) {
    Timeouts set = Timeouts.of(statementTimeout, lockTimeout);
    ConnectionSource used =
        announcesChanges && connections instanceof ConnectionSource.Pool pool
            ? pool.announcing()
            : connections;
    return new Sessions(
        used, connections.isHosts() ? set : set.withDefaultLock(), BaseTables.of(schema), observer);
  }
}
