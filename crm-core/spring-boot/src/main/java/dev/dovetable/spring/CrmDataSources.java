package dev.dovetable.spring;

import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;

/** The DataSources that properties name. Thread-safe. */
public final class CrmDataSources {
  private final CrmProperties properties;
  private final BeanFactory beans;

  CrmDataSources(CrmProperties properties, BeanFactory beans) {
    this.properties = properties;
    this.beans = beans;
  }

  /**
   * The application's.
   *
   * @return what {@code crm.datasource} names, or else the primary one
   */
  public DataSource application() {
    return find(properties.datasource()).orElseGet(() -> beans.getBean(DataSource.class));
  }

  /**
   * That of the service.
   *
   * @return what {@code crm.service-datasource} names; empty if it names none
   */
  public Optional<DataSource> service() {
    return find(properties.serviceDatasource());
  }

  /**
   * That of whoever installs.
   *
   * @return what {@code crm.schema.datasource} names, or else the application's
   */
  public DataSource installer() {
    return find(properties.schema().datasource()).orElseGet(this::application);
  }

  private Optional<DataSource> find(@Nullable String name) {
    return properties.named(name).map(bean -> beans.getBean(bean, DataSource.class));
  }
}
