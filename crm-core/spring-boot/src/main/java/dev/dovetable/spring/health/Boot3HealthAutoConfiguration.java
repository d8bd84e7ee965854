package dev.dovetable.spring.health;

import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.migration.AgentMigrations;
import dev.dovetable.spring.CrmDataSources;
import dev.dovetable.spring.CrmProperties;
import dev.dovetable.spring.schema.CrmSchemaAutoConfiguration;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/** The same for Spring Boot 3.5, which has health in another package and another module. */
@AutoConfiguration(after = CrmSchemaAutoConfiguration.class)
@ConditionalOnClass(HealthIndicator.class)
@ConditionalOnMissingClass("org.springframework.boot.health.contributor.HealthIndicator")
@ConditionalOnBean({CrmDataSources.class, CrmSchema.class, AgentMigrations.class})
@ConditionalOnProperty(name = "management.health.crm.enabled", matchIfMissing = true)
public class Boot3HealthAutoConfiguration {

  /** Spring makes it. */
  public Boot3HealthAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean(name = "crmHealthIndicator")
  HealthIndicator crmHealthIndicator(
      CrmProperties properties,
      CrmDataSources dataSources,
      CrmSchema schema,
      AgentMigrations migrations) {
    return new Boot3HealthIndicator(
        new CrmState(
            schema,
            migrations,
            dataSources.application(),
            properties.health().cache(),
            System::nanoTime));
  }
}
