package dev.wacrm.core;

import org.jspecify.annotations.Nullable;

/**
 * Work for {@link TenantScope#transaction}.
 *
 * @param <T> what it gives back
 * @param <E> what it may throw; {@link RuntimeException} if nothing checked
 */
@FunctionalInterface
public interface TransactionalWork<T extends @Nullable Object, E extends Exception> {

  /**
   * Does the work.
   *
   * @param scope the scope that takes part in the transaction
   * @return a result for the caller of the transaction
   * @throws E if the transaction is to be rolled back
   */
  T run(TenantScope scope) throws E;
}
