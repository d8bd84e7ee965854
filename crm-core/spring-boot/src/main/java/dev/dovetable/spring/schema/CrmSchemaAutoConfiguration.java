package dev.dovetable.spring.schema;

import dev.dovetable.core.changes.ChangeFeed;
import dev.dovetable.core.inbox.Inbox;
import dev.dovetable.core.messages.MessageSearch;
import dev.dovetable.core.webhooks.Webhooks;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.migration.AgentExtension;
import dev.dovetable.schema.migration.AgentMigrationListener;
import dev.dovetable.schema.migration.AgentMigrations;
import dev.dovetable.spring.CrmAutoConfiguration;
import dev.dovetable.spring.CrmDataSources;
import dev.dovetable.spring.CrmProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** What the database is to hold, and who sees to it. */
@AutoConfiguration(after = CrmAutoConfiguration.class)
@ConditionalOnBean(CrmDataSources.class)
public class CrmSchemaAutoConfiguration {

  /** Spring makes it. */
  public CrmSchemaAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  CrmSchema crmSchema(CrmProperties properties) {
    CrmSchema.Builder builder = CrmSchema.builder().schema(properties.schema().name());
    Optional.ofNullable(properties.schema().loginRole()).ifPresent(builder::loginRole);
    return builder.build();
  }

  /** The library's own extensions come first: those of applications may build upon them. */
  @Bean
  @ConditionalOnMissingBean
  AgentMigrations crmAgentMigrations(
      CrmProperties properties,
      ObjectProvider<AgentExtension> applications,
      ObjectProvider<AgentMigrationListener> listeners) {
    CrmProperties.Extensions wanted = properties.extensions();
    List<AgentExtension> all = new ArrayList<>();
    if (wanted.webhooks()) {
      all.add(Webhooks.extension());
    }
    if (wanted.inbox()) {
      all.add(Inbox.extension());
    }
    if (wanted.search()) {
      all.add(MessageSearch.extension());
    }
    if (wanted.changes()) {
      all.add(ChangeFeed.extension());
    }
    applications.orderedStream().forEach(all::add);
    List<AgentMigrationListener> told = listeners.orderedStream().toList();
    return AgentMigrations.builder(all.toArray(AgentExtension[]::new))
        .schema(properties.schema().name())
        .listener((result, done, total) -> told.forEach(each -> each.done(result, done, total)))
        .build();
  }

  @Bean
  CrmSchemaInitializer crmSchemaInitializer(
      CrmProperties properties,
      CrmDataSources dataSources,
      CrmSchema schema,
      AgentMigrations migrations) {
    return new CrmSchemaInitializer(
        properties.schema(), dataSources.installer(), schema, migrations);
  }
}
