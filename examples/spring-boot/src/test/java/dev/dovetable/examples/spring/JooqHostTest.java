package dev.dovetable.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.users.NewUser;
import dev.dovetable.core.users.User;
import dev.dovetable.core.users.UserRole;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jooq.impl.DataSourceConnectionProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;

/** A host that has a jOOQ of its own, on which Spring manages the transactions. */
class JooqHostTest {
  private static final AtomicInteger SEQUENCE = new AtomicInteger();
  private static final PageRequest PAGE = PageRequest.first(10);

  private AnnotationConfigApplicationContext spring;
  private DSLContext dsl;
  private Crm crm;
  private String coffee;
  private String bikes;

  /** What Spring Boot's jOOQ starter makes, and the CRM on top of it. */
  @Configuration
  @EnableTransactionManagement
  static class Host {
    @Bean
    HikariDataSource dataSource() {
      HikariDataSource pool = new HikariDataSource();
      pool.setJdbcUrl(TestDatabase.url());
      return pool;
    }

    @Bean
    PlatformTransactionManager transactions(DataSource dataSource) {
      return new JdbcTransactionManager(dataSource);
    }

    @Bean
    DSLContext dsl(DataSource dataSource) {
      return DSL.using(
          new DataSourceConnectionProvider(new TransactionAwareDataSourceProxy(dataSource)),
          SQLDialect.POSTGRES);
    }

    @Bean
    Crm crm(DSLContext dsl) {
      return Crm.builder(dsl).schema(TestDatabase.SCHEMA).build();
    }

    @Bean
    Move move(DSLContext dsl, Crm crm) {
      return new Move(dsl, crm);
    }
  }

  /** Statements of the host's and of two agents in one transaction of Spring's. */
  static class Move {
    private final DSLContext dsl;
    private final Crm crm;

    Move(DSLContext dsl, Crm crm) {
      this.dsl = dsl;
      this.crm = crm;
    }

    @Transactional
    public List<String> customer(String from, String to, int id, int messageTo) {
      String before = who();
      dsl.execute("insert into moves values (?, ?)", from, to);
      TenantScope giver = crm.asAgent(from);
      Customer customer = giver.customers().find(id).orElseThrow();
      giver.customers().delete(id);
      String between = who();
      TenantScope taker = crm.asAgent(to);
      Customer taken = taker.customers().findOrCreateByPhone(customer.phone(), customer.name());
      String after = who();
      taker.messages().recordOutbound(messageTo == 0 ? taken.id() : messageTo, "Hello");
      return List.of(before, between, after, who());
    }

    private String who() {
      return dsl.fetchSingle("select current_user || ' ' || current_setting('role')")
          .get(0, String.class);
    }
  }

  @BeforeEach
  void start() {
    spring = new AnnotationConfigApplicationContext(Host.class);
    dsl = spring.getBean(DSLContext.class);
    crm = spring.getBean(Crm.class);
    dsl.execute("create table if not exists moves (from_agent text, to_agent text)");
    dsl.execute("delete from moves");
    User admin = newUser(UserRole.ADMIN);
    coffee = newAgent("moves_from_", admin);
    bikes = newAgent("moves_to_", admin);
  }

  @AfterEach
  void stop() {
    spring.close();
  }

  @Test
  void theHostsStatementsAndThoseOfTwoAgentsAreOneTransaction() {
    Customer maria = crm.asAgent(coffee).customers().create(new NewCustomer("Maria", "15550100"));

    List<String> hosts = spring.getBean(Move.class).customer(coffee, bikes, maria.id(), 0);

    assertThat(hosts).hasSize(4).containsOnly(TestDatabase.LOGIN + " none");
    assertThat(crm.asAgent(coffee).customers().count()).isZero();
    assertThat(crm.asAgent(bikes).conversations().latest(PAGE).items())
        .singleElement()
        .satisfies(conversation -> assertThat(conversation.customer().name()).isEqualTo("Maria"));
    assertThat(moves()).isOne();
  }

  @Test
  void aRollbackTakesAllOfItBack() {
    Customer maria = crm.asAgent(coffee).customers().create(new NewCustomer("Maria", "15550100"));

    assertThatThrownBy(() -> spring.getBean(Move.class).customer(coffee, bikes, maria.id(), -1))
        .isInstanceOf(NotFoundException.class);

    assertThat(crm.asAgent(coffee).customers().find(maria.id())).contains(maria);
    assertThat(crm.asAgent(bikes).customers().count()).isZero();
    assertThat(moves()).isZero();
  }

  @Test
  void aDataSourceThatJoinsTransactionsIsRefused() {
    DataSource joining = new TransactionAwareDataSourceProxy(spring.getBean(DataSource.class));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Crm.builder(joining))
        .withMessageContaining("new DataSourceConnectionProvider(dataSource)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Crm.create(new TransactionAwareDataSourceProxy(joining) {}));
  }

  private int moves() {
    return dsl.fetchCount(DSL.table("moves"));
  }

  private String newAgent(String prefix, User admin) {
    UUID user = newUser(UserRole.AGENT).id();
    return crm.asService()
        .agents()
        .create(user, prefix + SEQUENCE.incrementAndGet(), admin.id())
        .prefix();
  }

  private User newUser(UserRole role) {
    return crm.asService()
        .users()
        .create(new NewUser("Somebody", UUID.randomUUID() + "@x.example", role));
  }
}
