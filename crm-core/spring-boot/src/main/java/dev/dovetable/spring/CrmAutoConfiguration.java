package dev.dovetable.spring;

import dev.dovetable.core.Crm;
import dev.dovetable.core.CrmBuilder;
import dev.dovetable.core.common.CrmObserver;
import dev.dovetable.core.internal.sql.JooqVersion;
import dev.dovetable.core.news.NewsListener;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ImportRuntimeHints;

/**
 * The {@link Crm} of the application's DataSource, which takes part in Spring's transactions.
 *
 * <p>The DataSource's auto-configuration is named as text, because Spring Boot 4 has moved it to
 * another package than 3.5 has it in.
 */
@AutoConfiguration(
    afterName = {
      "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
      "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration"
    })
@ConditionalOnBean(DataSource.class)
@ConditionalOnProperty(name = "crm.enabled", matchIfMissing = true)
@EnableConfigurationProperties(CrmProperties.class)
@ImportRuntimeHints(SqlFileHints.class)
public class CrmAutoConfiguration {

  /** Spring makes it. */
  public CrmAutoConfiguration() {}

  /** All else needs it, so it is where a jOOQ that this Java can't load is told first. */
  @Bean
  CrmDataSources crmDataSources(CrmProperties properties, BeanFactory beans) {
    JooqVersion.require();
    return new CrmDataSources(properties, beans);
  }

  /** Behind the schema's installation, and behind what the application installs itself. */
  @Bean
  @ConditionalOnMissingBean
  @DependsOnDatabaseInitialization
  Crm crm(
      CrmProperties properties,
      CrmDataSources dataSources,
      ObjectProvider<CrmObserver> observers,
      Optional<NewsListener> news,
      ObjectProvider<CrmBuilderCustomizer> customizers) {
    CrmBuilder builder =
        SpringConnections.builder(dataSources.application())
            .schema(properties.schema().name())
            .webhookBodyLimit(Math.toIntExact(properties.webhook().bodyLimit().toBytes()));
    dataSources.service().ifPresent(builder::serviceDataSource);
    Optional.ofNullable(properties.statementTimeout()).ifPresent(builder::statementTimeout);
    Optional.ofNullable(properties.lockTimeout()).ifPresent(builder::lockTimeout);
    List<String> secrets = properties.webhook().secrets();
    if (!secrets.isEmpty()) {
      builder.webhookSecrets(secrets.toArray(String[]::new));
    }
    news.ifPresent(builder::webhookNews);
    List<CrmObserver> all = observers.orderedStream().toList();
    if (!all.isEmpty()) {
      builder.observer(all.size() == 1 ? all.get(0) : new SeveralObservers(all));
    }
    customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
    return builder.build();
  }
}
