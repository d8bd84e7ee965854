package dev.dovetable.schema.database;

import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Set;

/** Everybody who may turn up at the database. */
public enum Actor {
  ANON,
  ANON_WITH_ADMIN_CLAIMS,
  /** The user of agent alpha. */
  OWNER,
  /** The same, with claims in the settings that older API servers make. */
  OWNER_BY_LEGACY_CLAIM,
  /** The user of agent beta. */
  OTHER,
  ADMIN,
  /** Signed in, but no user of the CRM. */
  STRANGER,
  /** A stranger whose token says that he is an admin. */
  STRANGER_WITH_ADMIN_METADATA,
  /** A user without an agent, whose token claims other roles. */
  SPARE_WITH_FORGED_ROLES,
  WITHOUT_CLAIMS,
  EMPTY_CLAIMS,
  CLAIMS_NOT_JSON,
  CLAIMS_WITHOUT_OBJECT,
  SUBJECT_NO_UUID,
  SUBJECT_NULL,
  SERVICE,
  /** A login that is a member of service_role, and acts as itself. */
  BACKEND,
  /** A login that is a member of authenticated, acts as itself, and has no claims. */
  INHERITOR,
  /** The same, claiming to be the service. */
  INHERITOR_WITH_SERVICE_CLAIM,
  /** A login that is a member of nothing. */
  NOBODY;

  /** Who the functions take for a backend. */
  public static final Set<Actor> BACKENDS = EnumSet.of(SERVICE, BACKEND);

  public static final Set<Actor> OWNERS = EnumSet.of(OWNER, OWNER_BY_LEGACY_CLAIM);

  /** Who acts in the role authenticated, or has its privileges. */
  public boolean isAuthenticated() {
    return !EnumSet.of(ANON, ANON_WITH_ADMIN_CLAIMS, SERVICE, BACKEND, NOBODY).contains(this);
  }

  /** Makes a session of the login that {@link #login} names act as this one. */
  public void enter(Session session) throws SQLException {
    switch (this) {
      case ANON -> session.anonymous();
      case ANON_WITH_ADMIN_CLAIMS -> {
        session.as(TwoAgents.ADMIN);
        session.execute("set role anon");
      }
      case OWNER -> session.as(TwoAgents.OWNER);
      case OWNER_BY_LEGACY_CLAIM -> {
        session.claims("");
        session.execute("set request.jwt.claim.sub = '" + TwoAgents.OWNER + "'");
      }
      case OTHER -> session.as(TwoAgents.OTHER);
      case ADMIN -> session.as(TwoAgents.ADMIN);
      case STRANGER -> session.as(TwoAgents.STRANGER);
      case STRANGER_WITH_ADMIN_METADATA ->
          session.claims(
              """
              {"sub": "%s", "role": "authenticated", "is_admin": true, "user_role": "admin",
               "app_metadata": {"role": "admin"}, "user_metadata": {"role": "admin"}}
              """
                  .formatted(TwoAgents.STRANGER));
      case SPARE_WITH_FORGED_ROLES ->
          session.claims(
              """
              {"sub": "%s", "role": "service_role", "app_metadata": {"role": "admin"},
               "user_metadata": {"role": "admin", "agent_id": 1}}
              """
                  .formatted(TwoAgents.SPARE));
      case WITHOUT_CLAIMS -> session.execute("set role authenticated");
      case EMPTY_CLAIMS -> session.claims("");
      case CLAIMS_NOT_JSON -> session.claims("alpha");
      case CLAIMS_WITHOUT_OBJECT -> session.claims("[\"" + TwoAgents.OWNER + "\"]");
      case SUBJECT_NO_UUID -> session.claims("{\"sub\": \"' or true --\"}");
      case SUBJECT_NULL -> session.claims("{\"sub\": null}");
      case SERVICE -> session.service();
      case BACKEND, INHERITOR, NOBODY -> session.backend();
      case INHERITOR_WITH_SERVICE_CLAIM ->
          session.execute(
              "select set_config('request.jwt.claims', '{\"role\": \"service_role\"}', false)");
    }
  }

  /** The roles that this one's login is a member of. */
  public String[] memberships() {
    return switch (this) {
      case BACKEND -> new String[] {"service_role"};
      case INHERITOR, INHERITOR_WITH_SERVICE_CLAIM -> new String[] {"authenticated"};
      case NOBODY -> new String[0];
      default -> new String[] {"anon", "authenticated", "service_role"};
    };
  }
}
