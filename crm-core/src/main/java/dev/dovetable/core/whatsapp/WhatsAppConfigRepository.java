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
import dev.dovetable.core.internal.sql.Texts;
import dev.dovetable.core.jooq.tables.Agents;
import dev.dovetable.core.jooq.tables.CreateWhatsappConfig;
import dev.dovetable.core.jooq.tables.DeleteWhatsappConfig;
import dev.dovetable.core.jooq.tables.GetWhatsappConfig;
import dev.dovetable.core.jooq.tables.UpdateWhatsappConfig;
import dev.dovetable.core.jooq.tables.WhatsappConfiguration;
import dev.dovetable.core.jooq.tables.records.CreateWhatsappConfigRecord;
import dev.dovetable.core.jooq.tables.records.UpdateWhatsappConfigRecord;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Record;

/**
 * The WhatsApp configurations: {@code whatsapp_configuration} and its functions in the
 * specification. Users manage their own; admins and the service all. Round trips are those of one
 * statement ({@link dev.dovetable.core.Crm}) unless a method says otherwise.
 *
 * <p>Immutable and thread-safe.
 */
public final class WhatsAppConfigRepository {
  private static final String LIST = "whatsapp";

  private final Session session;
  private final BaseTables base;
  private final WhatsappConfiguration table;

  /**
   * Internal: {@link dev.dovetable.core.Crm#whatsapp()} makes it.
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
   * verify token stays if none is given. {@code create_whatsapp_config} in the specification; with
   * a verify token, a transaction of two statements.
   *
   * @param config the configuration
   * @return the configuration as it is now
   * @throws RefusedException if there is no such user
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
   * Whose a business number is. For the service only: it reads the secrets of everybody.
   *
   * @param phoneNumberId {@code metadata.phone_number_id} of a body
   * @return the active configuration with that id, and its user's agent; empty if there is none
   * @throws RefusedException if several active configurations have the id: rather no route than one
   *     to the wrong agent
   */
  public Optional<WhatsAppRoute> findByPhoneNumberId(String phoneNumberId) {
    Texts.require(phoneNumberId, "phoneNumberId");
    Agents agents = base.agents();
    List<WhatsAppRoute> routes =
        session
            .dsl()
            .select(table.fields())
            .select(agents.fields())
            .from(table)
            .leftJoin(agents)
            .on(agents.USER_ID.eq(table.USER_ID))
            .where(table.PHONE_NUMBER_ID.eq(phoneNumberId))
            .and(table.IS_ACTIVE)
            .orderBy(table.ID)
            .limit(2)
            .fetch(
                row ->
                    new WhatsAppRoute(WhatsAppConfigMapper.whatsAppConfig(row, table), agent(row)));
    if (routes.size() > 1) {
      throw new RefusedException(
          RefusedException.Reason.PHONE_NUMBER_ID_AMBIGUOUS,
          "Several active configurations have the phone number id, those of users "
              + routes.get(0).config().userId()
              + " and "
              + routes.get(1).config().userId()
              + " among them.",
          "Deactivate all but one: crm.whatsapp().delete(…).");
    }
    return routes.stream().findFirst();
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
    CreateWhatsappConfigRecord answer =
        dsl.selectFrom(
                CreateWhatsappConfig.CREATE_WHATSAPP_CONFIG
                    .call(
                        config.userId(),
                        config.whatsappNumber(),
                        config.webhookUrl(),
                        config.apiKey().orElse(null),
                        config.businessAccountId().orElse(null),
                        config.phoneNumberId().orElse(null))
                    .rename(base.named(CreateWhatsappConfig.CREATE_WHATSAPP_CONFIG)))
            .fetchSingle();
    if (!answer.getSuccess()) {
      // All else that the function checks has been checked by NewWhatsAppConfig.
      throw new RefusedException(
          RefusedException.Reason.UNKNOWN_USER,
          "There is no user " + config.userId() + ".",
          "Make the user first: crm.users().create(…).");
    }
    return WhatsAppConfigMapper.whatsAppConfig(answer.getConfig());
  }

  private WhatsAppConfig update(DSLContext dsl, UUID userId, WhatsAppConfigChanges changes) {
    UpdateWhatsappConfigRecord answer =
        dsl.selectFrom(
                UpdateWhatsappConfig.UPDATE_WHATSAPP_CONFIG
                    .call(
                        userId,
                        changes.whatsappNumber().orElse(null),
                        changes.webhookUrl().orElse(null),
                        changes.apiKey().orElse(null),
                        changes.businessAccountId().orElse(null),
                        changes.phoneNumberId().orElse(null),
                        changes.active().orElse(null),
                        changes.verifyToken().orElse(null))
                    .rename(base.named(UpdateWhatsappConfig.UPDATE_WHATSAPP_CONFIG)))
            .fetchSingle();
    if (!answer.getSuccess()) {
      throw new NotFoundException("WhatsApp configuration of user " + userId);
    }
    return WhatsAppConfigMapper.whatsAppConfig(answer.getConfig());
  }

  private Optional<Agent> agent(Record row) {
    return row.get(base.agents().ID) == null
        ? Optional.empty()
        : Optional.of(AgentMapper.agent(row, base.agents()));
  }
}
