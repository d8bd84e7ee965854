package dev.dovetable.testkit;

import dev.dovetable.schema.migration.AgentExtension;
import dev.dovetable.testkit.server.Flavor;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test class a database of its own with the CRM installed, on a real PostgreSQL, and drops
 * it afterwards. Runs on JUnit 5.13 and newer, and on JUnit 6.
 *
 * <pre>{@code
 * @CrmTest
 * class InboxTest {
 *   @Test
 *   void answers(Crm crm, TenantScope shop) { … }
 * }
 * }</pre>
 *
 * <p>Constructors, life-cycle methods and tests can take these parameters:
 *
 * <ul>
 *   <li>{@link dev.dovetable.core.TenantScope}, an agent of this test's own, seen as its user, with
 *       a prefix that follows from the test's name. The first such parameter of each method that
 *       belongs to a test is the same agent, the second another one, and so on. In
 *       {@code @BeforeAll}, and in the constructor of a class with one instance for all tests, they
 *       are agents of the class.
 *   <li>{@link CrmDatabase}, for data, recordings, and acting as somebody
 *   <li>{@link dev.dovetable.core.Crm}, {@link javax.sql.DataSource} and {@link JdbcUrl}, for the
 *       application: its login is no superuser
 * </ul>
 *
 * <p>{@code @Nested} classes use the database of the class around them. Tests may run in parallel;
 * the agents of a test are its own. {@link #guard()} is on: what a test leaves behind in tables of
 * other agents fails it.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(CrmTestExtension.class)
public @interface CrmTest {

  /** How long a database lives. */
  enum Lifetime {
    /** One for all tests of the class and its nested classes. */
    CLASS,
    /** One for each test; there is none in {@code @BeforeAll}. */
    METHOD
  }

  /**
   * How long a database lives.
   *
   * @return for the class, unless said otherwise
   */
  Lifetime database() default Lifetime.CLASS;

  /**
   * The schema that holds the tables.
   *
   * @return {@code public}, unless said otherwise
   */
  String schema() default "public";

  /**
   * What the database looks like before the CRM is installed, such as a Supabase project's.
   *
   * @return {@link Flavor#PLAIN}, unless said otherwise
   */
  Flavor flavor() default Flavor.PLAIN;

  /**
   * What every agent has besides its four tables: classes that give an extension, with a
   * constructor without arguments. They are applied in this order.
   *
   * @return none, unless said otherwise
   */
  Class<? extends Supplier<AgentExtension>>[] extensions() default {};

  /**
   * Whether a {@link Watch} looks after each test, and fails it for what it has left behind: rows
   * in tables of agents that it did not touch, connections, transactions.
   *
   * @return true, unless said otherwise
   */
  boolean guard() default true;
}
