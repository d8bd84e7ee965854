package dev.dovetable.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.dovetable.core.Crm;
import dev.dovetable.core.changes.ChangeListener;
import dev.dovetable.core.common.CrmObserver;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.spring.CrmProperties.SchemaMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What is there under which conditions. No database is needed for that. */
class CrmAutoConfigurationTest {
  private static final AutoConfigurations OURS =
      AutoConfigurations.of(
          ImportCandidates.load(AutoConfiguration.class, CrmProperties.class.getClassLoader())
              .getCandidates()
              .stream()
              .filter(name -> name.startsWith("dev.dovetable."))
              .map(CrmAutoConfigurationTest::load)
              .toArray(Class<?>[]::new));

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(OURS)
          .withPropertyValues("crm.schema.mode=none");

  private static Class<?> load(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Database {
    @Bean
    DataSource dataSource() {
      return new PGSimpleDataSource();
    }
  }

  @Test
  void withoutADataSourceThereIsNothing() {
    runner.run(
        context ->
            assertThat(context)
                .hasNotFailed()
                .doesNotHaveBean(Crm.class)
                .doesNotHaveBean("crmSchema")
                .doesNotHaveBean("crmHealthIndicator"));
  }

  @Test
  void aDataSourceIsEnough() {
    runner
        .withUserConfiguration(Database.class)
        .run(
            context -> {
              assertThat(context).hasSingleBean(Crm.class).hasBean("crmHealthIndicator");
              assertThat(context.getBean(Crm.class).schema()).isEqualTo("public");
              assertThat(context)
                  .doesNotHaveBean("crmWebhookEndpoint")
                  .doesNotHaveBean("crmChangeFeedLifecycle")
                  .doesNotHaveBean("crmMeters");
            });
  }

  @Test
  void canBeSwitchedOff() {
    runner
        .withUserConfiguration(Database.class)
        .withPropertyValues("crm.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(Crm.class).hasNotFailed());
  }

  @Test
  void theApplicationsOwnCrmComesFirst() {
    Crm own = Crm.create(new PGSimpleDataSource());

    runner
        .withUserConfiguration(Database.class)
        .withBean(Crm.class, () -> own)
        .run(context -> assertThat(context.getBean(Crm.class)).isSameAs(own));
  }

  @Test
  void customizersHaveTheLastWord() {
    runner
        .withUserConfiguration(Database.class)
        .withPropertyValues("crm.schema.name=one")
        .withBean(
            CrmBuilderCustomizer.class, () -> builder -> builder.schema("two").withoutService())
        .run(
            context -> {
              Crm crm = context.getBean(Crm.class);
              assertThat(crm.schema()).isEqualTo("two");
              assertThat(catchThrowable(crm::asService)).isInstanceOf(RefusedException.class);
            });
  }

  @Test
  void dataSourcesAreNamed() {
    runner
        .withUserConfiguration(Database.class)
        .withBean("second", DataSource.class, PGSimpleDataSource::new)
        .run(context -> assertThat(context).hasFailed());
    runner
        .withUserConfiguration(Database.class)
        .withBean("second", DataSource.class, PGSimpleDataSource::new)
        .withPropertyValues("crm.datasource=second", "crm.service-datasource=dataSource")
        .run(
            context -> {
              CrmDataSources found = context.getBean(CrmDataSources.class);
              assertThat(found.application()).isSameAs(context.getBean("second"));
              assertThat(found.installer()).isSameAs(context.getBean("second"));
              assertThat(found.service()).containsSame((DataSource) context.getBean("dataSource"));
            });
  }

  @Test
  void theEndpointNeedsAPathAndASecret() {
    WebApplicationContextRunner web =
        new WebApplicationContextRunner()
            .withConfiguration(OURS)
            .withUserConfiguration(Database.class)
            .withPropertyValues("crm.schema.mode=none");

    web.run(
        context ->
            assertThat(context).doesNotHaveBean("crmWebhookEndpoint").hasBean("crmProblems"));
    web.withPropertyValues("crm.webhook.path=/hook")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining("crm.webhook.secrets is empty"));
    web.withPropertyValues(
            "crm.webhook.path=/hook", "crm.webhook.secrets=s1,s2", "crm.problems.enabled=false")
        .run(
            context -> {
              assertThat(context).hasBean("crmWebhookEndpoint").doesNotHaveBean("crmProblems");
              assertThat(context.getBean(CrmProperties.class).toString())
                  .contains("/hook")
                  .doesNotContain("s1");
            });
  }

  @Test
  void listenersAloneStartNoFeed() {
    runner
        .withUserConfiguration(Database.class)
        .withBean(ChangeListener.class, () -> changes -> {})
        .run(context -> assertThat(context).doesNotHaveBean("crmChangeFeedLifecycle"));
  }

  @Test
  void withoutMicrometerWebAndHealthTheRestIsThere() {
    runner
        .withUserConfiguration(Database.class)
        .withClassLoader(
            new FilteredClassLoader(
                "io.micrometer.core",
                "io.micrometer.observation",
                "org.springframework.web.servlet",
                "org.springframework.boot.health",
                "org.springframework.boot.actuate",
                "com.zaxxer"))
        .run(
            context ->
                assertThat(context)
                    .hasSingleBean(Crm.class)
                    .doesNotHaveBean("crmHealthIndicator")
                    .doesNotHaveBean(CrmObserver.class));
  }

  /** Spring Boot 3.5 has no other. */
  @Test
  void theOlderHealthIsForWhereTheNewerIsNot() {
    runner
        .withUserConfiguration(Database.class)
        .withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
        .run(
            context ->
                assertThat(context.getBean("crmHealthIndicator").getClass().getSimpleName())
                    .isEqualTo("Boot3HealthIndicator"));
    runner
        .withUserConfiguration(Database.class)
        .withPropertyValues("management.health.crm.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean("crmHealthIndicator"));
  }

  @Test
  void everyObserverIsTold() {
    List<String> heard = new ArrayList<>();
    CrmObserver one = new Noting(heard, "one");
    CrmObserver two = new Noting(heard, "two");

    CrmObserver both = new SeveralObservers(List.of(one, two));
    both.onReceived("stored", "text");
    both.onChanges(1, Duration.ZERO);
    both.onStatement("a.b", Optional.empty()).ended(1, Optional.empty());

    assertThat(heard)
        .containsExactly(
            "one received", "two received", "one changes", "two changes", "one ended", "two ended");
  }

  private record Noting(List<String> heard, String name) implements CrmObserver {
    @Override
    public StatementEnd onStatement(String operation, Optional<String> prefix) {
      return (roundTrips, failure) -> heard.add(name + " ended");
    }

    @Override
    public void onReceived(String outcome, String kind) {
      heard.add(name + " received");
    }

    @Override
    public void onChanges(int changes, Duration lag) {
      heard.add(name + " changes");
    }
  }

  @Test
  void defaultsAreAsThePageSays() {
    new ApplicationContextRunner()
        .withUserConfiguration(Bound.class)
        .run(
            context -> {
              CrmProperties defaults = context.getBean(CrmProperties.class);
              assertThat(defaults.enabled()).isTrue();
              assertThat(defaults.schema())
                  .isEqualTo(
                      new CrmProperties.Schema("public", SchemaMode.INSTALL, null, null, true));
              assertThat(defaults.extensions())
                  .isEqualTo(new CrmProperties.Extensions(true, true, false, false));
              assertThat(defaults.webhook().path()).isNull();
              assertThat(defaults.webhook().secrets()).isEmpty();
              assertThat(defaults.webhook().bodyLimit().toMegabytes()).isEqualTo(3);
              assertThat(defaults.problems().enabled()).isTrue();
              assertThat(defaults.health().cache()).hasSeconds(30);
              assertThat(defaults.metrics().enabled()).isTrue();
              assertThat(defaults.observations())
                  .isEqualTo(new CrmProperties.Observations(false, false));
            });
  }

  @Configuration(proxyBeanMethods = false)
  @EnableConfigurationProperties(CrmProperties.class)
  static class Bound {}

  @Test
  void aNativeImageHasTheSqlFiles() {
    RuntimeHints hints = new RuntimeHints();
    new SqlFileHints().registerHints(hints, getClass().getClassLoader());

    for (String file :
        List.of(
            "crm/database/schema/base_tables.sql",
            "dev/dovetable/core/messages/search.sql",
            "dev/dovetable/core/internal/sql/enter.sql")) {
      assertThat(RuntimeHintsPredicates.resource().forResource(file)).accepts(hints);
    }
  }
}
