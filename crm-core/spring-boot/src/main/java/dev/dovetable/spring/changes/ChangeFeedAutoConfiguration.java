package dev.dovetable.spring.changes;

import dev.dovetable.core.Crm;
import dev.dovetable.core.changes.ChangeListener;
import dev.dovetable.spring.CrmAutoConfiguration;
import dev.dovetable.spring.schema.CrmSchemaAutoConfiguration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/** Tells the application's {@link ChangeListener} beans what is written to any agent's tables. */
@AutoConfiguration(after = {CrmAutoConfiguration.class, CrmSchemaAutoConfiguration.class})
@ConditionalOnBean({Crm.class, ChangeListener.class})
@ConditionalOnProperty("crm.extensions.changes")
public class ChangeFeedAutoConfiguration {

  /** Spring makes it. */
  public ChangeFeedAutoConfiguration() {}

  @Bean
  ChangeFeedLifecycle crmChangeFeedLifecycle(Crm crm, ObjectProvider<ChangeListener> listeners) {
    return new ChangeFeedLifecycle(crm, listeners.orderedStream().toList());
  }
}
