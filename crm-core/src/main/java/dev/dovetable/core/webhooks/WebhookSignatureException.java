package dev.dovetable.core.webhooks;

import dev.dovetable.schema.errors.CrmException;

/**
 * A webhook body isn't signed with one of the app's secrets: the header is missing, malformed or
 * wrong. Nothing of it was stored or logged. To be answered with HTTP status 401.
 */
public final class WebhookSignatureException extends CrmException {
  private static final long serialVersionUID = 1L;

  WebhookSignatureException() {
    super(
        "The callback isn't signed with a secret of the app.",
        "Answer it with 401. If WhatsApp sent it: pass the body's bytes as they came, the header"
            + " X-Hub-Signature-256, and the app's present secret to"
            + " Crm.builder(…).webhookSecrets(…).");
  }
}
