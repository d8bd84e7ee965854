package dev.dovetable.spring.schema;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.migration.AgentMigrations;
import dev.dovetable.spring.CrmProperties;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;

/**
 * Does what {@code crm.schema.mode} says when the context starts. Beans that wait for the
 * database's initialization, such as JdbcTemplate, jOOQ's DSLContext, entity managers, and those
 * with {@code @DependsOnDatabaseInitialization}, wait for this one, too; so do Flyway, Liquibase
 * and the scripts of {@code spring.sql.init}.
 */
public final class CrmSchemaInitializer implements InitializingBean {
  private static final Logger log = LoggerFactory.getLogger(CrmSchemaInitializer.class);

  private final CrmProperties.Schema settings;
  private final DataSource dataSource;
  private final CrmSchema schema;
  private final AgentMigrations migrations;

  CrmSchemaInitializer(
      CrmProperties.Schema settings,
      DataSource dataSource,
      CrmSchema schema,
      AgentMigrations migrations) {
    this.settings = settings;
    this.dataSource = dataSource;
    this.schema = schema;
    this.migrations = migrations;
  }

  /**
   * Installs, looks, or does nothing. An agent whose tables can't be changed keeps no application
   * from starting: the log names it.
   *
   * @throws SchemaException if the schema can't be installed, or isn't current
   */
  @Override
  public void afterPropertiesSet() {
    switch (settings.mode()) {
      case INSTALL -> {
        schema.install(dataSource);
        if (settings.migrateAgents()) {
          migrations.run(dataSource);
        }
      }
      case VALIDATE -> {
        schema.validate(dataSource);
        if (!migrations.isUpToDate(dataSource)) {
          log.warn(
              "Some agents in schema {} lack versions of extensions; AgentMigrations.run(…) brings"
                  + " them up to date",
              schema.schema());
        }
      }
      case NONE -> {}
    }
  }
}
