package dev.dovetable.core;

import org.jspecify.annotations.Nullable;

/**
 * The work of a transaction, for {@link TenantScope#transaction} and {@link Crm#transaction}.
 *
 * @param <S> what takes part in the transaction: {@link TenantScope} or {@link Crm}
 * @param <T> what it gives back
 * @param <E> what it may throw; {@link RuntimeException} if nothing checked
 */
@FunctionalInterface
public interface TransactionalWork<S, T extends @Nullable Object, E extends Exception> {

  /**
   * Does the work.
   *
   * @param inner what takes part in the transaction, like that it was called on
   * @return a result for the caller of the transaction
   * @throws E if the transaction is to be rolled back
   */
  T run(S inner) throws E;
}
