package dev.dovetable.testkit;

import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.schema.migration.AgentExtension;
import dev.dovetable.testkit.internal.Seeds;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Makes what {@link CrmTest} promises. JUnit closes what is in its stores when the class or test is
 * over. Uses nothing that JUnit 5.13 lacks or JUnit 6 has deprecated.
 */
final class CrmTestExtension implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(CrmTestExtension.class);
  private static final Set<Class<?>> TYPES =
      Set.of(CrmDatabase.class, Crm.class, DataSource.class, JdbcUrl.class, TenantScope.class);

  /** Parameters of a constructor belong to the test that the instance is made for. */
  @Override
  public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
    return ExtensionContextScope.TEST_METHOD;
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return TYPES.contains(parameter.getParameter().getType());
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Holder holder = holder(context);
    CrmDatabase database = holder.database();
    Class<?> type = parameter.getParameter().getType();
    if (type == Crm.class) {
      return database.crm();
    }
    if (type == DataSource.class) {
      return database.dataSource();
    }
    if (type == JdbcUrl.class) {
      return database.jdbcUrl();
    }
    if (type == TenantScope.class) {
      return database.agent(prefix(context, position(parameter))).scope();
    }
    return database;
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    Holder holder = holder(context);
    if (holder.settings.guard()) {
      context
          .getStore(NAMESPACE)
          .put(Watch.class, holder.database().watch("The test " + context.getDisplayName()));
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Watch watch = context.getStore(NAMESPACE).remove(Watch.class, Watch.class);
    if (watch != null) {
      watch.close();
    }
  }

  /** How many agents' parameters there are up to this one. */
  private static int position(ParameterContext parameter) {
    Parameter[] all = parameter.getDeclaringExecutable().getParameters();
    int position = 0;
    for (int i = 0; i <= parameter.getIndex(); i++) {
      if (all[i].getType() == TenantScope.class) {
        position++;
      }
    }
    return position;
  }

  /** The same in every run and whatever runs beside it. */
  private static String prefix(ExtensionContext context, int position) {
    return "agt_" + Seeds.hex(context.getUniqueId()) + "_" + position;
  }

  private static Holder holder(ExtensionContext context) {
    ExtensionContext annotated = annotated(context);
    CrmTest settings = annotation(annotated).orElseThrow();
    ExtensionContext owner =
        settings.database() == CrmTest.Lifetime.CLASS ? annotated : method(context);
    ExtensionContext.Store store = owner.getStore(NAMESPACE);
    // JUnit 5 and 6 name the method differently that would do this in one step.
    synchronized (CrmTestExtension.class) {
      Holder holder = store.get(Holder.class, Holder.class);
      if (holder == null) {
        holder = new Holder(settings);
        store.put(Holder.class, holder);
      }
      return holder;
    }
  }

  /** The context of the outermost class that has the annotation. */
  private static ExtensionContext annotated(ExtensionContext context) {
    ExtensionContext owner = context;
    for (Optional<ExtensionContext> next = Optional.of(context);
        next.isPresent();
        next = next.get().getParent()) {
      if (annotation(next.get()).isPresent()) {
        owner = next.get();
      }
    }
    return owner;
  }

  private static ExtensionContext method(ExtensionContext context) {
    for (Optional<ExtensionContext> next = Optional.of(context);
        next.isPresent();
        next = next.get().getParent()) {
      if (next.get().getElement().filter(Method.class::isInstance).isPresent()) {
        return next.get();
      }
    }
    throw new ParameterResolutionException(
        "There is no database here: @CrmTest(database = METHOD) makes one for each test. Take the"
            + " parameter in @BeforeEach or in the test, or have one database for the class.");
  }

  private static Optional<CrmTest> annotation(ExtensionContext context) {
    return AnnotationSupport.findAnnotation(context.getTestClass(), CrmTest.class);
  }

  /** Makes its database when it is first asked for one. Thread-safe. */
  private static final class Holder implements AutoCloseable {
    private final CrmTest settings;
    private Optional<CrmDatabase> database = Optional.empty();

    Holder(CrmTest settings) {
      this.settings = settings;
    }

    synchronized CrmDatabase database() {
      if (database.isEmpty()) {
        database =
            Optional.of(
                CrmDatabase.builder()
                    .schema(settings.schema())
                    .flavor(settings.flavor())
                    .extensions(
                        Stream.of(settings.extensions())
                            .map(Holder::extension)
                            .toArray(AgentExtension[]::new))
                    .open());
      }
      return database.get();
    }

    private static AgentExtension extension(Class<? extends Supplier<AgentExtension>> type) {
      Supplier<AgentExtension> supplier;
      try {
        Constructor<? extends Supplier<AgentExtension>> constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        supplier = constructor.newInstance();
      } catch (ReflectiveOperationException e) {
        throw new ExtensionConfigurationException(
            "@CrmTest(extensions): "
                + type.getName()
                + " can't be made. Give it a constructor without parameters, and if it is a nested"
                + " class, make it static.",
            e);
      }
      return Optional.ofNullable(supplier.get())
          .orElseThrow(
              () ->
                  new ExtensionConfigurationException(
                      "@CrmTest(extensions): " + type.getName() + ".get() gave null."));
    }

    @Override
    public synchronized void close() {
      database.ifPresent(CrmDatabase::close);
    }
  }
}
