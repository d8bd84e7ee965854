package dev.dovetable.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.zaxxer.hikari.HikariDataSource;
import dev.dovetable.core.Crm;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.spring.fixture.Running;
import dev.dovetable.spring.fixture.Service;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class TransactionsTest extends Running {
  @Autowired private Service.Work work;
  @Autowired private HikariDataSource pool;

  @Test
  void aTransactionOfSpringsIsTheLibrarysToo() throws InterruptedException {
    String prefix = newAgent().prefix();

    Customer made = work.create(prefix, false);

    assertThat(crm.asAgent(prefix).customers().find(made.id())).contains(made);
    // Others of the application, such as who looks at its health, take one for a moment.
    await("none is kept", () -> pool.getHikariPoolMXBean().getActiveConnections() == 0);
  }

  @Test
  void aRollbackTakesTheLibrarysStatementsBack() throws InterruptedException {
    String prefix = newAgent().prefix();

    assertThatIllegalStateException().isThrownBy(() -> work.create(prefix, true));

    assertThat(crm.asAgent(prefix).customers().count()).isZero();
    // Others of the application, such as who looks at its health, take one for a moment.
    await("none is kept", () -> pool.getHikariPoolMXBean().getActiveConnections() == 0);
  }

  /** Outside of transactions nobody but the library would commit. */
  @Test
  void aPoolWithoutAutocommitLosesNothing() {
    Agent agent = newAgent();
    try (HikariDataSource manual = new HikariDataSource()) {
      manual.setJdbcUrl(pool.getJdbcUrl());
      manual.setAutoCommit(false);
      manual.setMaximumPoolSize(1);
      Crm own = Crm.builder(new SpringConnections(manual)).schema(Service.SCHEMA).build();

      own.asAgent(agent.prefix()).customers().create(new NewCustomer("Ada", "1"));
      new TransactionTemplate(new DataSourceTransactionManager(manual))
          .executeWithoutResult(
              transaction -> {
                own.asAgent(agent.prefix()).customers().create(new NewCustomer("Bo", "2"));
                transaction.setRollbackOnly();
              });

      assertThat(own.asAgent(agent.prefix()).customers().count()).isOne();
    }
    assertThat(crm.asAgent(agent.prefix()).customers().count()).isOne();
  }
}
