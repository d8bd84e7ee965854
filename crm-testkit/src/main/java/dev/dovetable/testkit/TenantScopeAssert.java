package dev.dovetable.testkit;

import dev.dovetable.core.TenantScope;
import java.util.List;
import org.assertj.core.api.AbstractAssert;

/** Assertions about what an agent's scope can reach. Belongs to one thread. */
public final class TenantScopeAssert extends AbstractAssert<TenantScopeAssert, TenantScope> {

  TenantScopeAssert(TenantScope actual) {
    super(actual, TenantScopeAssert.class);
  }

  /**
   * Whoever acts in this scope can do nothing in another agent's tables, those of extensions among
   * them. It is tried: a row is put into each of them as the service, and as the scope's actor
   * SELECT, INSERT, UPDATE, DELETE and TRUNCATE of each of them, and setval and SELECT of its
   * sequence. All this is one transaction, which is rolled back; some hundred round trips.
   *
   * <p>A table of an extension that is empty, and whose constraints refuse the plainest row, fails
   * the assertion: it has to be given a row first. Not tried is nextval: every signed-in user may
   * take numbers from every agent's sequences, or a serial column could not be filled.
   *
   * <p>The scope's connections have to be PostgreSQL's own or wrap them, and their login to be a
   * member of {@code service_role}.
   *
   * @param other a scope of another agent, whoever acts in it
   * @return this assertion
   */
  public TenantScopeAssert cannotSee(TenantScope other) {
    isNotNull();
    Trespass trespass = Trespass.attempt(actual, other);
    List<String> succeeded = trespass.succeeded();
    if (!succeeded.isEmpty()) {
      failWithMessage(
          "Expected %s, in the scope of agent %s, to be kept out of the tables of agent %s, but"
              + " they could:%s",
          trespass.who(), actual.prefix(), other.prefix(), "\n  " + String.join("\n  ", succeeded));
    }
    return this;
  }
}
