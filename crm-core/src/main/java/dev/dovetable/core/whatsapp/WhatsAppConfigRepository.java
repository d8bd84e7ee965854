package dev.dovetable.core.whatsapp;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.agents.AgentMapper;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.internal.connection.KeysetById;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.BaseTables;
import dev.dovetable.core.internal.sql.Keyset;
import dev.dovetable.core.internal.sql.Prefixes;
import dev.dovetable.core.internal.sql.Texts;
import dev.dovetable.core.jooq.tables.Agents;
import dev.dovetable.core.jooq.tables.DeleteWhatsappConfig;
import dev.dovetable.core.jooq.tables.GetWhatsappConfig;
import dev.dovetable.core.jooq.tables.WhatsappConfiguration;
import dev.dovetable.schema.errors.CrmException;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Name;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/**
 * The WhatsApp configurations: {@code whatsapp_configuration} and its functions in the
 * specification. Users manage their own; admins and the service all. Round trips are those of one
 * statement ({@link dev.dovetable.core.Crm}) unless a method says otherwise.
 *
 * <p>Immutable and thread-safe.
 */
public final class WhatsAppConfigRepository {
  private static final String LIST = "whatsapp";
  private static final Field<JSONB> CONFIG = DSL.field(DSL.name("config"), JSONB.class);
  private static final Field<String> MESSAGE = DSL.field(DSL.name("message"), String.class);
  private static final Field<String> REASON = DSL.field(DSL.name("reason"), String.class);

  private static final Name NUMBER = DSL.name("number");
  private static final NumberRows NUMBERS = new NumberRows(NUMBER);

  private final Session session;
  private final BaseTables base;
  private final WhatsappConfiguration table;

  /**
   * Internal: {@link dev.dovetable.core.ActorScope#whatsapp()} makes it.
   *
   * @param session runs the statements
   * @param base the tables that all agents share
   */
  public WhatsAppConfigRepository(Session session, BaseTables base) {
    this.session = session;
    this.base = base;
    this.table = base.whatsappConfiguration();
  }

  /**
   * Saves a user's configuration: one that exists gets all these values and is active again; its
   * API key, phone number id and verify token stay if none is given. Its phone number id becomes a
   * number of the user's agent, beside those that it has. {@code create_whatsapp_config} in the
   * specification; with a verify token, a transaction of two statements.
   *
   * @param config the configuration
   * @return the configuration as it is now
   * @throws RefusedException if there is no such user, or another agent has the phone number id
   */
  public WhatsAppConfig save(NewWhatsAppConfig config) {
    requireNonNull(config, "config");
    return config
        .verifyToken()
        .map(
            token ->
                session.nested(
                    tx -> {
                      save(tx.dsl(), config);
                      return update(
                          tx.dsl(),
                          config.userId(),
                          WhatsAppConfigChanges.none().verifyToken(token));
                    }))
        .orElseGet(() -> save(session.dsl(), config));
  }

  /**
   * A user's active configuration with its secrets: {@code get_whatsapp_config} in the
   * specification.
   *
   * @param userId the user's id
   * @return the configuration; empty if there is none or it isn't active
   */
  public Optional<WhatsAppConfig> find(UUID userId) {
    return session
        .dsl()
        .selectFrom(
            GetWhatsappConfig.GET_WHATSAPP_CONFIG
                .call(requireNonNull(userId, "userId"))
                .rename(base.named(GetWhatsappConfig.GET_WHATSAPP_CONFIG)))
        .fetchSingle(
            answer ->
                Optional.ofNullable(answer.getConfig()).map(WhatsAppConfigMapper::whatsAppConfig));
  }

  /**
   * The business numbers of an agent.
   *
   * @param prefix the agent's prefix
   * @return its numbers; nothing is sent yet
   * @throws RefusedException if the prefix is malformed
   */
  public AgentNumbers numbers(String prefix) {
    return new AgentNumbers(session, base, Prefixes.require(prefix));
  }

  /**
   * Whose a business number is. For the service only: it reads the secrets of everybody.
   *
   * @param phoneNumberId {@code metadata.phone_number_id} of a body
   * @return the number, its agent, and the configuration of that agent's user; empty if nobody has
   *     the number, or it is paused
   */
  public Optional<WhatsAppRoute> findByPhoneNumberId(String phoneNumberId) {
    Texts.require(phoneNumberId, "phoneNumberId");
    Agents agents = base.agents();
    Field<Long> agentId = NUMBERS.column("agent_id", SQLDataType.BIGINT);
    return session
        .dsl()
        .select(NUMBERS.columns())
        .select(table.fields())
        .select(agents.fields())
        .from(DSL.table(base.internal("agent_numbers")).as(NUMBER))
        .leftJoin(agents)
        .on(agents.ID.eq(agentId))
        .leftJoin(table)
        .on(
            table.USER_ID.eq(
                DSL.when(agentId.isNull(), NUMBERS.column("user_id", SQLDataType.UUID))
                    .else_(agents.USER_ID)))
        .where(NUMBERS.phoneNumberId.eq(phoneNumberId))
        .and(NUMBERS.column("is_active", SQLDataType.BOOLEAN))
        .and(NUMBERS.column("released_at", SQLDataType.INSTANT).isNull())
        .fetchOptional(row -> new WhatsAppRoute(NUMBERS.number(row), config(row), agent(row)));
  }

  /**
   * All configurations, active or not, in the order in which they were made. For the service only:
   * it reads the secrets of everybody.
   *
   * @param page which part
   * @return the part
   * @throws InvalidDataException if the cursor is not one of this list
   */
  public Page<WhatsAppConfig> list(PageRequest page) {
    return new KeysetById<>(
            LIST,
            table.ID,
            Keyset::toLong,
            row -> WhatsAppConfigMapper.whatsAppConfig(row, table),
            WhatsAppConfig::id)
        .page(session, page);
  }

  /**
   * Changes some fields of a user's configuration, active or not: {@code update_whatsapp_config} in
   * the specification.
   *
   * @param userId the user's id
   * @param changes what is to change
   * @return the configuration as it is now
   * @throws NotFoundException if the user has no configuration
   * @throws RefusedException if another agent has the phone number id
   */
  public WhatsAppConfig update(UUID userId, WhatsAppConfigChanges changes) {
    requireNonNull(userId, "userId");
    requireNonNull(changes, "changes");
    return update(session.dsl(), userId, changes);
  }

  /**
   * Deactivates a user's configuration; its values stay. {@code delete_whatsapp_config} in the
   * specification.
   *
   * @param userId the user's id
   * @return whether there was an active one
   */
  public boolean delete(UUID userId) {
    return session
        .dsl()
        .selectFrom(
            DeleteWhatsappConfig.DELETE_WHATSAPP_CONFIG
                .call(requireNonNull(userId, "userId"))
                .rename(base.named(DeleteWhatsappConfig.DELETE_WHATSAPP_CONFIG)))
        .fetchSingle()
        .getSuccess();
  }

  private WhatsAppConfig save(DSLContext dsl, NewWhatsAppConfig config) {
    return ask(
        dsl,
        "try_to_save_whatsapp",
        config.userId(),
        DSL.val(config.userId()),
        DSL.val(config.whatsappNumber()),
        DSL.val(config.webhookUrl()),
        text(config.apiKey()),
        text(config.businessAccountId()),
        text(config.phoneNumberId()));
  }

  private WhatsAppConfig update(DSLContext dsl, UUID userId, WhatsAppConfigChanges changes) {
    return ask(
        dsl,
        "try_to_update_whatsapp",
        userId,
        DSL.val(userId),
        text(changes.whatsappNumber()),
        text(changes.webhookUrl()),
        text(changes.apiKey()),
        text(changes.businessAccountId()),
        text(changes.phoneNumberId()),
        DSL.val(changes.active().orElse(null), SQLDataType.BOOLEAN),
        text(changes.verifyToken()));
  }

  private static Field<String> text(Optional<String> text) {
    return DSL.val(text.orElse(null), SQLDataType.CLOB);
  }

  /** What the function that the specification names is made of: it tells the reason as well. */
  private WhatsAppConfig ask(DSLContext dsl, String function, UUID userId, Field<?>... arguments) {
    return dsl.select(CONFIG, MESSAGE, REASON)
        .from(DSL.table("{0}({1})", base.internal(function), DSL.list(arguments)))
        .fetchSingle(
            row -> {
              JSONB config = row.get(CONFIG);
              if (config == null) {
                throw refusal(String.valueOf(row.get(REASON)), row.get(MESSAGE), userId);
              }
              return WhatsAppConfigMapper.whatsAppConfig(config);
            });
  }

  private static CrmException refusal(String reason, String message, UUID userId) {
    return switch (reason) {
      case "unknown_user" ->
          new RefusedException(
              RefusedException.Reason.UNKNOWN_USER,
              "There is no user " + userId + ".",
              "Make the user first: crm.asService().users().create(…).");
      case "unknown_configuration" ->
          new NotFoundException("WhatsApp configuration of user " + userId);
      case "taken_number" -> WhatsAppRefusals.takenNumber();
      // All else that the functions check has been checked before.
      default -> WhatsAppRefusals.invalid("configuration", message);
    };
  }

  private Optional<WhatsAppConfig> config(Record row) {
    return row.get(table.ID) == null
        ? Optional.empty()
        : Optional.of(WhatsAppConfigMapper.whatsAppConfig(row, table));
  }

  private Optional<Agent> agent(Record row) {
    return row.get(base.agents().ID) == null
        ? Optional.empty()
        : Optional.of(AgentMapper.agent(row, base.agents()));
  }
}
