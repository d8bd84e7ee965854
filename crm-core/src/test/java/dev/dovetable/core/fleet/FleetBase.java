package dev.dovetable.core.fleet;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.dovetable.core.Crm;
import dev.dovetable.core.CrmFleet;
import dev.dovetable.core.FleetDatabase;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.fixture.Installed;
import dev.dovetable.core.users.NewUser;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.core.whatsapp.NewWhatsAppConfig;
import dev.dovetable.testkit.server.PostgresDatabase;
import dev.dovetable.testkit.server.PostgresServer;
import dev.dovetable.testkit.server.wire.CustomDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Two databases of one server, with a fleet on them that keeps its directory in the first one. */
abstract class FleetBase {
  private static final AtomicInteger SEQUENCE = new AtomicInteger();

  static Member one;
  static Member two;
  static CrmFleet fleet;

  /** A database that can be down. */
  static final class Member {
    final String name;
    final PostgresDatabase database =
        PostgresServer.shared().createDatabase(PreparedForWebhooks.class);
    final String login = database.createLogin("app", "authenticated", "service_role");
    final HikariDataSource pool;
    final DataSource dataSource;
    final Crm crm;
    final UUID admin = UUID.randomUUID();
    final AtomicInteger taken = new AtomicInteger();
    volatile boolean isDown;

    Member(String name) {
      this.name = name;
      HikariConfig config = new HikariConfig();
      config.setDataSource(database.dataSource(login));
      config.setMaximumPoolSize(12);
      config.setMinimumIdle(0);
      pool = new HikariDataSource(config);
      dataSource = new CustomDataSource(this::connection);
      crm = Crm.builder(pool).schema(Installed.SCHEMA).withoutWebhookSignatures().build();
      addUser(admin, UserRole.ADMIN);
    }

    private Connection connection() throws SQLException {
      taken.incrementAndGet();
      if (isDown) {
        throw new SQLException("refused", "08001");
      }
      return pool.getConnection();
    }

    UUID addUser(UUID id, UserRole role) {
      int n = SEQUENCE.incrementAndGet();
      String email = "user" + n + "@example.com";
      crm.asService().users().create(new NewUser(Optional.of(id), "User " + n, email, role));
      return id;
    }

    UUID newUser() {
      return addUser(UUID.randomUUID(), UserRole.AGENT);
    }

    String newNumber(Agent agent) {
      String number = "1045901" + SEQUENCE.incrementAndGet();
      giveNumber(agent, number);
      return number;
    }

    void giveNumber(Agent agent, String number) {
      crm.asService()
          .whatsapp()
          .save(
              NewWhatsAppConfig.of(agent.userId().orElseThrow(), "15550199", "https://x.example")
                  .phoneNumberId(number));
    }

    long count(String sql) {
      try (Connection connection = database.dataSource().getConnection()) {
        return DSL.using(connection, SQLDialect.POSTGRES)
            .resultQuery(sql)
            .fetchSingle(0, Long.class);
      } catch (SQLException e) {
        throw new AssertionError(e);
      }
    }

    void execute(String sql) {
      try (Connection connection = database.dataSource().getConnection()) {
        DSL.using(connection, SQLDialect.POSTGRES).execute(sql);
      } catch (SQLException e) {
        throw new AssertionError(e);
      }
    }

    void close() {
      pool.close();
      database.close();
    }
  }

  @BeforeAll
  static void open() {
    one = new Member("one");
    two = new Member("two");
    fleet = newFleet();
  }

  @AfterAll
  static void close() {
    one.close();
    two.close();
  }

  /** One that remembers nothing yet. */
  static CrmFleet newFleet() {
    return CrmFleet.builder()
        .database(FleetDatabase.of("one", one.dataSource))
        .database(FleetDatabase.of("two", two.dataSource))
        .each(crm -> crm.schema(Installed.SCHEMA).withoutWebhookSignatures())
        .build();
  }

  static String newPrefix() {
    return "agt_" + SEQUENCE.incrementAndGet();
  }

  static Agent newAgent(Member member) {
    return newAgent(member, newPrefix());
  }

  static Agent newAgent(Member member, String prefix) {
    return fleet.asService().agents().create(member.name, member.newUser(), prefix, member.admin);
  }

  /** The agent is in the other database from now on, with nothing in its tables. */
  static void move(Agent agent, Member from, Member to) {
    from.crm.asService().agents().delete(agent.id());
    UUID user = to.newUser();
    to.crm.asService().agents().create(user, agent.prefix(), to.admin);
    AgentPlace present = fleet.directory().find(agent.prefix()).orElseThrow();
    if (!fleet.directory().replace(present, AgentPlace.now(agent.prefix(), to.name, true))) {
      throw new AssertionError("somebody else has moved " + agent.prefix());
    }
  }

  static List<String> names(TenantScope shop) {
    return shop.customers().list(PageRequest.first(10)).items().stream()
        .map(Customer::name)
        .toList();
  }
}
