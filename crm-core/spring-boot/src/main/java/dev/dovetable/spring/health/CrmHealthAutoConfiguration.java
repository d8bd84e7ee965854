package dev.dovetable.spring.health;

import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.migration.AgentMigrations;
import dev.dovetable.spring.CrmDataSources;
import dev.dovetable.spring.CrmProperties;
import dev.dovetable.spring.schema.CrmSchemaAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** Spring Boot 4's health contributor {@code crm}. */
@AutoConfiguration(after = CrmSchemaAutoConfiguration.class)
@ConditionalOnClass(HealthIndicator.class)
@ConditionalOnBean({CrmDataSources.class, CrmSchema.class, AgentMigrations.class})
@ConditionalOnProperty(name = "management.health.crm.enabled", matchIfMissing = true)
public class CrmHealthAutoConfiguration {

  /** Spring makes it. */
  public CrmHealthAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean(name = "crmHealthIndicator")
  HealthIndicator crmHealthIndicator(
      CrmProperties properties,
      CrmDataSources dataSources,
      CrmSchema schema,
      AgentMigrations migrations) {
    return new CrmHealthIndicator(
        new CrmState(
            schema,
            migrations,
            dataSources.application(),
            properties.health().cache(),
            System::nanoTime));
  }
}
