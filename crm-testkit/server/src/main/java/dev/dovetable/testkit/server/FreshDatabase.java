package dev.dovetable.testkit.server;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test class a database of its own on {@link PostgresServer#shared()}, dropped after the
 * class's last test; or each of its tests one, dropped after the test.
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

  /**
   * What the database looks like before the preparer runs.
   *
   * @return the flavor
   */
  Flavor flavor() default Flavor.PLAIN;

  /**
   * Whether each test has a database of its own. Nothing that is called once for the class, such as
   * {@code @BeforeAll}, can be given one then.
   *
   * @return true for a database per test, false for one per class
   */
  boolean perMethod() default false;
}
