package dev.dovetable.core.customers;

import dev.dovetable.core.common.RefusedException;
import java.util.List;

/**
 * What messages showed to be one, and what of it was wrong. In the tables of {@code
 * Webhooks.extension()}; without them, every method throws {@link RefusedException}. Round trips
 * are those of one statement ({@link dev.dovetable.core.Crm}).
 *
 * <p>Immutable and thread-safe.
 */
public final class CustomerMerges {
  private final CustomerIdentities identities;

  CustomerMerges(CustomerIdentities identities) {
    this.identities = identities;
  }

  /**
   * The merges in which a customer was lost or kept, newest first: with them, what the application
   * keeps by the ids of customers can follow.
   *
   * @param id the customer's id, who may be gone
   * @return the merges, and the moves of messages that came by a number alone
   */
  public List<CustomerMerge> of(int id) {
    return identities.merges(id);
  }

  /**
   * Takes the latest merge of a customer back. The customer is there again under the old id, with
   * all that is still where the merge has put it, and isn't merged with the same one again.
   *
   * @param lostId the customer who was lost
   * @return whether there was such a merge
   */
  public boolean undo(int lostId) {
    return identities.undoMerge(lostId);
  }
}
