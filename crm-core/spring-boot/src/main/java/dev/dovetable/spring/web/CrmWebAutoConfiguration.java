package dev.dovetable.spring.web;

import dev.dovetable.core.Crm;
import dev.dovetable.spring.CrmAutoConfiguration;
import dev.dovetable.spring.CrmProperties;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.context.annotation.Bean;
import org.springframework.web.servlet.DispatcherServlet;

/** For Spring MVC. There is nothing for WebFlux. */
@AutoConfiguration(after = CrmAutoConfiguration.class)
@ConditionalOnClass(DispatcherServlet.class)
@ConditionalOnWebApplication(type = Type.SERVLET)
@ConditionalOnBean(Crm.class)
public class CrmWebAutoConfiguration {

  /** Spring makes it. */
  public CrmWebAutoConfiguration() {}

  @Bean
  @ConditionalOnProperty("crm.webhook.path")
  WebhookEndpoint crmWebhookEndpoint(Crm crm, CrmProperties properties) {
    return new WebhookEndpoint(crm, properties.webhook());
  }

  @Bean
  @ConditionalOnProperty(name = "crm.problems.enabled", matchIfMissing = true)
  CrmProblems crmProblems() {
    return new CrmProblems();
  }
}
