package dev.wacrm.testkit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Makes, injects and drops the database of {@link FreshDatabase}. */
final class FreshDatabaseExtension
    implements BeforeAllCallback, AfterAllCallback, ParameterResolver {

  @Override
  public void beforeAll(ExtensionContext context) {
    if (database(context) == null) {
      store(context).put(EmbeddedDatabase.class, create(context.getRequiredTestClass()));
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    // Looks in this context only: a @Nested class finds nothing and leaves the outer database.
    EmbeddedDatabase own = store(context).remove(EmbeddedDatabase.class, EmbeddedDatabase.class);
    if (own != null) {
      own.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == EmbeddedDatabase.class;
  }

  @Override
  public @Nullable Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return database(context);
  }

  private static EmbeddedDatabase create(Class<?> testClass) {
    FreshDatabase annotation = testClass.getAnnotation(FreshDatabase.class);
    Class<? extends DatabasePreparer> preparer =
        annotation == null ? DatabasePreparer.class : annotation.value();
    return preparer == DatabasePreparer.class
        ? EmbeddedServer.shared().createDatabase()
        : EmbeddedServer.shared().createDatabase(preparer);
  }

  private static @Nullable EmbeddedDatabase database(ExtensionContext context) {
    return store(context).get(EmbeddedDatabase.class, EmbeddedDatabase.class);
  }

  private static Store store(ExtensionContext context) {
    return context.getStore(Namespace.create(FreshDatabaseExtension.class));
  }
}
