package dev.dovetable.spring.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.Crm;
import dev.dovetable.core.inbox.Inbox;
import dev.dovetable.core.webhooks.Webhooks;
import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.migration.AgentExtension;
import dev.dovetable.schema.migration.AgentMigrations;
import dev.dovetable.spring.CrmAutoConfiguration;
import dev.dovetable.testkit.server.PostgresDatabase;
import dev.dovetable.testkit.server.PostgresServer;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceInitializationAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.JdbcTemplate;

class CrmSchemaInitializerTest {
  private final PostgresDatabase database = PostgresServer.shared().createDatabase();
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  DataSourceAutoConfiguration.class,
                  DataSourceInitializationAutoConfiguration.class,
                  JdbcTemplateAutoConfiguration.class,
                  CrmAutoConfiguration.class,
                  CrmSchemaAutoConfiguration.class))
          .withPropertyValues("spring.datasource.url=" + database.jdbcUrl());

  private static boolean isInstalled(DataSource dataSource) {
    return CrmSchema.create().status(dataSource).isCurrent();
  }

  @Test
  void installsAndMigratesBeforeTheApplicationsOwnScripts() {
    runner
        .withPropertyValues(
            "spring.sql.init.mode=always", "spring.sql.init.schema-locations=classpath:refers.sql")
        .run(
            context -> {
              assertThat(context).hasSingleBean(Crm.class);
              assertThat(isInstalled(database.dataSource())).isTrue();
              assertThat(
                      context
                          .getBean(JdbcTemplate.class)
                          .queryForObject("select count(*) from shifts", Integer.class))
                  .isZero();
              assertThat(
                      AgentMigrations.of(Webhooks.extension(), Inbox.extension())
                          .isUpToDate(database.dataSource()))
                  .isTrue();
            });
  }

  @Test
  void validatesWithoutChangingAnything() {
    runner
        .withPropertyValues("crm.schema.mode=validate")
        .run(
            context ->
                assertThat(context).getFailure().rootCause().isInstanceOf(SchemaException.class));
    CrmSchema.create().install(database.dataSource());

    runner
        .withPropertyValues("crm.schema.mode=validate")
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(context.getBean(AgentMigrations.class).isUpToDate(database.dataSource()))
                  .as("left alone")
                  .isFalse();
            });
  }

  @Test
  void doesNothingIfSo() {
    runner
        .withPropertyValues("crm.schema.mode=none")
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(isInstalled(database.dataSource())).isFalse();
            });
  }

  @Test
  void extensionBeansFollowTheLibrarysOwn() {
    runner
        .withPropertyValues("crm.extensions.search=true", "crm.extensions.changes=true")
        .withBean(
            AgentExtension.class,
            () -> AgentExtension.fromClassPath("shifts", "shifts", "001_create_shifts.sql"))
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              List<String> registered =
                  context
                      .getBean(JdbcTemplate.class)
                      .queryForList(
                          "select extension from crm_private.agent_templates where extension <> 'crm'"
                              + " group by extension order by min(registered)",
                          String.class);
              assertThat(registered)
                  .containsExactly("whatsapp_webhooks", "inbox", "search", "change_feed", "shifts");
            });
  }
}
