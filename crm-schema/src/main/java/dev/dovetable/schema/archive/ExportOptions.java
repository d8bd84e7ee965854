package dev.dovetable.schema.archive;

/**
 * What an archive is to hold. Immutable and thread-safe.
 *
 * @param secrets whether {@code api_key} and {@code verify_token} of the WhatsApp configuration are
 *     in it
 * @param messages whether messages are in it, and the rows that refer to them
 */
public record ExportOptions(boolean secrets, boolean messages) {
  /** All rows, no secrets. */
  public static final ExportOptions DEFAULTS = new ExportOptions(false, true);

  /**
   * The same with the secrets.
   *
   * @return such options
   */
  public ExportOptions withSecrets() {
    return new ExportOptions(true, messages);
  }

  /**
   * The same without messages and what refers to them: what callbacks told of each, for instance.
   * The state of conversations is computed anew where it is imported.
   *
   * @return such options
   */
  public ExportOptions withoutMessages() {
    return new ExportOptions(secrets, false);
  }
}
