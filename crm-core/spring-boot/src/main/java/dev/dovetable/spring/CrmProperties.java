package dev.dovetable.spring;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What is said of the CRM in {@code application.yaml}. Immutable and thread-safe; shows no secret.
 *
 * @param enabled whether the starter configures anything
 * @param datasource name of the bean whose connections are used; the primary one by default
 * @param serviceDatasource name of the bean for all that is not done as a signed-in user: whose
 *     login is then the only member of service_role. Not part of transactions
 * @param statementTimeout how long one statement may run; by default as the server has it
 * @param lockTimeout how long a statement may wait for one lock; by default as the server has it
 * @param schema where the tables are, and what is done about them when the application starts
 * @param extensions which of the library's own tables and columns every agent has
 * @param webhook where WhatsApp calls
 * @param problems how exceptions are answered
 * @param health how often the database is asked
 * @param metrics what is counted
 * @param observations what is traced
 */
@ConfigurationProperties("crm")
public record CrmProperties(
    @DefaultValue("true") boolean enabled,
    @Nullable String datasource,
    @Nullable String serviceDatasource,
    @Nullable Duration statementTimeout,
    @Nullable Duration lockTimeout,
    @DefaultValue Schema schema,
    @DefaultValue Extensions extensions,
    @DefaultValue Webhook webhook,
    @DefaultValue Problems problems,
    @DefaultValue Health health,
    @DefaultValue Metrics metrics,
    @DefaultValue Observations observations) {

  /**
   * What is done about the schema at the start.
   *
   * @param name the schema that holds the tables
   * @param mode whether it is installed and upgraded, only looked at, or left alone
   * @param datasource name of the bean with whose login it is installed; that of the application by
   *     default
   * @param loginRole the role that the application logs in as, if another one installs: it is made
   *     a member of authenticated and service_role
   * @param migrateAgents whether every agent's tables get the newest version of all extensions,
   *     where the mode is install
   */
  public record Schema(
      @DefaultValue("public") String name,
      @DefaultValue("install") SchemaMode mode,
      @Nullable String datasource,
      @Nullable String loginRole,
      @DefaultValue("true") boolean migrateAgents) {}

  /** What is done about the schema when the application starts. */
  public enum SchemaMode {
    /** Installs and upgrades it, as the login that {@code crm.schema.datasource} has. */
    INSTALL,
    /** Doesn't start unless it is what this release works with. */
    VALIDATE,
    /** Nothing. */
    NONE
  }

  /**
   * The library's extensions. The application's own are beans.
   *
   * @param webhooks what callbacks need
   * @param inbox states, assignees, tags and notes of conversations
   * @param search the index that messages are searched by
   * @param changes the change feed, which listener beans are told from
   */
  public record Extensions(
      @DefaultValue("true") boolean webhooks,
      @DefaultValue("true") boolean inbox,
      @DefaultValue("false") boolean search,
      @DefaultValue("false") boolean changes) {}

  /**
   * The endpoint for callbacks.
   *
   * @param path the path that WhatsApp calls, such as /webhook; without it there is no endpoint
   * @param secrets the app's secrets at Meta, with one of which each body is signed; several while
   *     one replaces another
   * @param bodyLimit how long a body may be, up to 64 MB; WhatsApp sends 3 MB at most
   */
  public record Webhook(
      @Nullable String path,
      @DefaultValue List<String> secrets,
      @DefaultValue("3MB") DataSize bodyLimit) {

    /**
     * Copies the secrets.
     *
     * @param path the path
     * @param secrets the app's secrets
     * @param bodyLimit how long a body may be
     */
    public Webhook {
      secrets = List.copyOf(secrets);
    }

    /** Shows no secret. */
    @Override
    public String toString() {
      return "Webhook[path="
          + path
          + ", secrets="
          + secrets.size()
          + ", bodyLimit="
          + bodyLimit
          + "]";
    }
  }

  /**
   * Problem details, as RFC 9457 has them.
   *
   * @param enabled whether the library's exceptions are answered with them
   */
  public record Problems(@DefaultValue("true") boolean enabled) {}

  /**
   * The health contributor crm.
   *
   * @param cache for how long an answer of the database holds
   */
  public record Health(@DefaultValue("30s") Duration cache) {}

  /**
   * Metrics, where the application has Micrometer.
   *
   * @param enabled whether there are any
   */
  public record Metrics(@DefaultValue("true") boolean enabled) {}

  /**
   * Observations, which tracing makes spans of.
   *
   * @param enabled whether each statement is one
   * @param prefix whether the agent's prefix is a low-cardinality key of them: for few agents
   */
  public record Observations(
      @DefaultValue("false") boolean enabled, @DefaultValue("false") boolean prefix) {}

  Optional<String> named(@Nullable String bean) {
    return Optional.ofNullable(bean).filter(name -> !name.isBlank());
  }
}
