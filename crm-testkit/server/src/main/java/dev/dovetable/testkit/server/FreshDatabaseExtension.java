package dev.dovetable.testkit.server;

import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Makes, injects and drops the database of {@link FreshDatabase}. It is made where it is first
 * injected, because the instance of a class with one instance for all tests is constructed before
 * any {@code beforeAll}.
 */
final class FreshDatabaseExtension
    implements AfterAllCallback, AfterEachCallback, ParameterResolver {

  private static final Namespace NAMESPACE = Namespace.create(FreshDatabaseExtension.class);

  /** Constructors see the test that they make an instance for, if it is made for one. */
  @Override
  public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
    return ExtensionContextScope.TEST_METHOD;
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == PostgresDatabase.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    ExtensionContext owner = owner(context);
    FreshDatabase wanted = annotation(owner).orElseThrow();
    if (wanted.perMethod()) {
      owner = context;
      if (context.getTestMethod().isEmpty()) {
        throw new ParameterResolutionException(
            "@FreshDatabase(perMethod = true) makes databases for single tests, "
                + parameter.getDeclaringExecutable()
                + " is called for all of them");
      }
    }
    return owner
        .getStore(NAMESPACE)
        .computeIfAbsent(PostgresDatabase.class, key -> create(wanted), PostgresDatabase.class);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    close(context);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    close(context);
  }

  private static void close(ExtensionContext context) {
    // remove() looks in this context only: what belongs to the class around it stays.
    PostgresDatabase database =
        context.getStore(NAMESPACE).remove(PostgresDatabase.class, PostgresDatabase.class);
    if (database != null) {
      database.close();
    }
  }

  private static PostgresDatabase create(FreshDatabase wanted) {
    return wanted.value() == DatabasePreparer.class
        ? PostgresServer.shared().createDatabase(wanted.flavor())
        : PostgresServer.shared().createDatabase(wanted.flavor(), wanted.value());
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
