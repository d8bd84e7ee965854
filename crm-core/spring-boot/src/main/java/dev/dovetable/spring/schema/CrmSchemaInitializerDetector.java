package dev.dovetable.spring.schema;

import java.util.Set;
import org.springframework.boot.sql.init.dependency.AbstractBeansOfTypeDatabaseInitializerDetector;
import org.springframework.core.Ordered;

/** Has Spring Boot's other initializers, and what needs a database, wait for the CRM's. */
final class CrmSchemaInitializerDetector extends AbstractBeansOfTypeDatabaseInitializerDetector {

  @Override
  protected Set<Class<?>> getDatabaseInitializerBeanTypes() {
    return Set.of(CrmSchemaInitializer.class);
  }

  /** First, so that the application's own migrations may refer to the CRM's tables. */
  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE + 100;
  }
}
