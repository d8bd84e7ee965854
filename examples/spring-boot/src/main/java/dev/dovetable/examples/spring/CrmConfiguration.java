package dev.dovetable.examples.spring;

import dev.dovetable.core.Crm;
import dev.dovetable.core.webhooks.Webhooks;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.migration.AgentMigrations;
import javax.sql.DataSource;
import org.jooq.impl.DataSourceConnectionProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/** Makes the CRM a part of the application. */
@Configuration(proxyBeanMethods = false)
class CrmConfiguration {

  @Bean
  CrmSchema crmSchema(CrmProperties properties) {
    return CrmSchema.builder().schema(properties.schema()).build();
  }

  /**
   * In a {@code @Transactional} method it works on the transaction's connection, and Spring commits
   * or rolls back; elsewhere on one from the pool. With Spring Boot's jOOQ starter, pass the {@code
   * DSLContext} instead.
   */
  @Bean
  Crm crm(CrmProperties properties, CrmSchema schema, DataSource dataSource) {
    if (properties.install()) {
      schema.install(dataSource);
      AgentMigrations.builder(Webhooks.extension())
          .schema(properties.schema())
          .build()
          .run(dataSource);
    }
    return Crm.builder(
            new DataSourceConnectionProvider(new TransactionAwareDataSourceProxy(dataSource)))
        .schema(properties.schema())
        .statementTimeout(properties.statementTimeout())
        .lockTimeout(properties.lockTimeout())
        .webhookSecrets(properties.webhookSecrets().toArray(String[]::new))
        .webhookBodyLimit(properties.webhookBodyLimit())
        .build();
  }
}
