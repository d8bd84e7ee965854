package dev.wacrm.testkit.server;

import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Makes, injects and drops the database of {@link FreshDatabase}. It is made where it is first
 * injected, because the instance of a class with one instance for all tests is constructed before
 * any {@code beforeAll}.
 */
final class FreshDatabaseExtension implements AfterAllCallback, ParameterResolver {

  private static final Namespace NAMESPACE = Namespace.create(FreshDatabaseExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == PostgresDatabase.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    ExtensionContext owner = owner(context);
    return owner
        .getStore(NAMESPACE)
        .computeIfAbsent(
            PostgresDatabase.class,
            key -> create(annotation(owner).orElseThrow().value()),
            PostgresDatabase.class);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    Store store = context.getStore(NAMESPACE);
    // remove() looks in this context only: a @Nested class leaves the outer database alone.
    PostgresDatabase database = store.remove(PostgresDatabase.class, PostgresDatabase.class);
    if (database != null) {
      database.close();
    }
  }

  private static PostgresDatabase create(Class<? extends DatabasePreparer> preparer) {
    return preparer == DatabasePreparer.class
        ? PostgresServer.shared().createDatabase()
        : PostgresServer.shared().createDatabase(preparer);
  }

  /** The context of the outermost class that has the annotation. */
  private static ExtensionContext owner(ExtensionContext context) {
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

  private static Optional<FreshDatabase> annotation(ExtensionContext context) {
    return AnnotationSupport.findAnnotation(context.getTestClass(), FreshDatabase.class);
  }
}
