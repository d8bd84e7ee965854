package dev.wacrm.testkit.server;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test class a database of its own on {@link PostgresServer#shared()}, dropped after the
 * class's last test.
 *
 * <p>Constructors, life-cycle methods and tests take it as a parameter of type {@link
 * PostgresDatabase}. {@code @Nested} classes use the database of the class around them.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(FreshDatabaseExtension.class)
public @interface FreshDatabase {

  /**
   * Fills the template that the database is cloned from, once per JVM; without it the database is
   * empty.
   *
   * @return the class of the preparer
   */
  Class<? extends DatabasePreparer> value() default DatabasePreparer.class;
}
