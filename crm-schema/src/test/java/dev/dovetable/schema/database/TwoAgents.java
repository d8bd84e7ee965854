package dev.dovetable.schema.database;

import dev.dovetable.schema.fixture.AgentsOf;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.testkit.server.DatabasePreparer;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.sql.SQLException;
import java.util.Locale;
import java.util.UUID;
import javax.sql.DataSource;

/** An installation with an admin, three users, and two agents with one order each. */
public final class TwoAgents implements DatabasePreparer {

  public static final UUID ADMIN = UUID.fromString("a0000000-0000-4000-8000-00000000000a");

  /** The user of agent {@value #ALPHA_ID}, prefix alpha. */
  public static final UUID OWNER = UUID.fromString("10000000-0000-4000-8000-000000000001");

  /** The user of agent {@value #BETA_ID}, prefix beta. */
  public static final UUID OTHER = UUID.fromString("20000000-0000-4000-8000-000000000002");

  /** A user without an agent. */
  public static final UUID SPARE = UUID.fromString("30000000-0000-4000-8000-000000000003");

  /** Signed in, and no user of the CRM. */
  public static final UUID STRANGER = UUID.fromString("f0000000-0000-4000-8000-00000000000f");

  public static final long ALPHA_ID = 1;
  public static final long BETA_ID = 2;

  @Override
  public void prepare(DataSource superuser) throws SQLException {
    CrmSchema.create().install(superuser);
    fill(superuser);
  }

  public static void fill(DataSource owner) throws SQLException {
    try (Session session = new Session(owner)) {
      addUser(session, ADMIN, "Ada", "admin");
      addUser(session, OWNER, "Olga", "agent");
      addUser(session, OTHER, "Otto", "agent");
      addUser(session, SPARE, "Sven", "agent");
      addAgent(session, OWNER, "alpha");
      addAgent(session, OTHER, "beta");
      addOrder(session, "alpha", ALPHA_ID);
      addOrder(session, "beta", BETA_ID);
      for (UUID user : new UUID[] {OWNER, OTHER}) {
        session.execute(
            "insert into whatsapp_configuration"
                + " (user_id, whatsapp_number, webhook_url, api_key, verify_token)"
                + " values (?, '+491', 'https://crm.example', 'secret key', 'secret token')",
            user);
      }
    }
  }

  public static void addUser(Session session, UUID id, String name, String role)
      throws SQLException {
    String email = name.toLowerCase(Locale.ROOT) + "@crm.example";
    AgentsOf.addUser(session.connection(), id, name, email, role);
  }

  /** Makes a user and its agent; the answer is the agent's id. */
  public static long addAgent(Session session, String prefix) throws SQLException {
    UUID user = UUID.randomUUID();
    addUser(session, user, prefix, "agent");
    return addAgent(session, user, prefix);
  }

  public static long addAgent(Session session, UUID user, String prefix) throws SQLException {
    return AgentsOf.addAgent(session.connection(), user, prefix, ADMIN);
  }

  /** A customer (id 1 in a new agent), a message, an order and an item of 2 × 5.00. */
  public static void addOrder(Session session, String prefix, long agentId) throws SQLException {
    session.execute(
        "insert into " + prefix + "_customers (agent_id, name, phone) values (?, 'Carl', '+492')",
        agentId);
    session.execute(
        "insert into "
            + prefix
            + "_messages (customer_id, message, direction)"
            + " values (1, 'Hello', 'inbound')");
    session.execute("insert into " + prefix + "_orders (customer_id) values (1)");
    session.execute(
        "insert into "
            + prefix
            + "_orders_items (order_id, name, quantity, price)"
            + " values (1, 'Tea', 2, 5)");
  }

  /** A login that acts as every API role, like the one of an API server or of a backend's pool. */
  public static DataSource login(PostgresDatabase database) {
    return database.dataSource(
        database.createLogin("backend", "anon", "authenticated", "service_role"));
  }
}
