package dev.dovetable.spring.web;

import dev.dovetable.core.Crm;
import dev.dovetable.core.webhooks.WebhookSignatureException;
import dev.dovetable.schema.errors.CrmException;
import dev.dovetable.spring.CrmProperties;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Where WhatsApp calls. It needs no sign-in: each body is signed. Immutable and thread-safe. */
@RestController
@RequestMapping("${crm.webhook.path}")
final class WebhookEndpoint {
  private static final Logger log = LoggerFactory.getLogger(WebhookEndpoint.class);

  /** By its number: Spring 6 and 7 have different names for it. */
  private static final int CONTENT_TOO_LARGE = 413;

  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int FAILED = 500;

  private final Crm crm;
  private final int limit;

  WebhookEndpoint(Crm crm, CrmProperties.Webhook settings) {
    if (settings.secrets().isEmpty()) {
      throw new IllegalStateException(
          "crm.webhook.path is set, but crm.webhook.secrets is empty: name the app's secret at"
              + " Meta, without which callbacks can't be told from forgeries.");
    }
    this.crm = crm;
    this.limit = Math.toIntExact(settings.bodyLimit().toBytes());
  }

  /** WhatsApp asks this once, when the address is entered there. */
  @GetMapping(produces = MediaType.TEXT_PLAIN_VALUE)
  ResponseEntity<String> verify(
      @RequestParam(name = "hub.mode") Optional<String> mode,
      @RequestParam(name = "hub.verify_token") Optional<String> token,
      @RequestParam(name = "hub.challenge") Optional<String> challenge) {
    return crm.webhooks()
        .handshake(mode.orElse(""), token.orElse(""), challenge.orElse(""))
        .map(ResponseEntity::ok)
        .orElseGet(() -> ResponseEntity.status(FORBIDDEN).build());
  }

  /**
   * The bytes as they came, because the signature is one of bytes: a text, or JSON that was parsed
   * and written again, would have others. No more of them are read than are taken.
   */
  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<Void> receive(
      InputStream body, @RequestHeader("X-Hub-Signature-256") Optional<String> signature)
      throws IOException {
    byte[] bytes = body.readNBytes(limit + 1);
    return ResponseEntity.status(
            bytes.length > limit ? CONTENT_TOO_LARGE : status(bytes, signature.orElse("")))
        .build();
  }

  private int status(byte[] body, String signature) {
    try {
      return crm.webhooks().receive(body, signature).httpStatus();
    } catch (WebhookSignatureException e) {
      return UNAUTHORIZED;
    } catch (CrmException e) {
      // WhatsApp sends it again.
      log.error("A callback could not be taken in", e);
      return FAILED;
    }
  }
}
