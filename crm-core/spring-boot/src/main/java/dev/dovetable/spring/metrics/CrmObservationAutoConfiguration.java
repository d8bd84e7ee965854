package dev.dovetable.spring.metrics;

import dev.dovetable.spring.CrmAutoConfiguration;
import dev.dovetable.spring.CrmProperties;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/** Makes each statement an observation, if the host wants it. As above, named as text. */
@AutoConfiguration(
    before = CrmAutoConfiguration.class,
    afterName = {
      "org.springframework.boot.actuate.autoconfigure.observation.ObservationAutoConfiguration",
      "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration"
    })
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBean(ObservationRegistry.class)
@ConditionalOnProperty("crm.observations.enabled")
public class CrmObservationAutoConfiguration {

  /** Spring makes it. */
  public CrmObservationAutoConfiguration() {}

  @Bean
  StatementObservations crmStatementObservations(
      ObservationRegistry registry, CrmProperties properties) {
    return new StatementObservations(registry, properties.observations().prefix());
  }
}
