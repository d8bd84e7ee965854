package dev.dovetable.examples.spring;

import dev.dovetable.core.Crm;
import dev.dovetable.core.webhooks.WebhookReport;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Where WhatsApp calls. It needs no sign-in: each body is signed. */
@RestController
@RequestMapping("/webhook")
class Webhook {
  private final Crm crm;
  private final CrmProperties properties;

  Webhook(Crm crm, CrmProperties properties) {
    this.crm = crm;
    this.properties = properties;
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
        .orElseGet(() -> ResponseEntity.status(HttpStatus.FORBIDDEN).build());
  }

  /**
   * The bytes as they came, because the signature is one of bytes: a text, or JSON that was parsed
   * and written again, would have others. No more of them are read than are taken.
   */
  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<Void> receive(
      InputStream body, @RequestHeader("X-Hub-Signature-256") Optional<String> signature)
      throws IOException {
    byte[] bytes = body.readNBytes(properties.webhookBodyLimit() + 1);
    if (bytes.length > properties.webhookBodyLimit()) {
      return ResponseEntity.status(HttpStatus.CONTENT_TOO_LARGE).build();
    }
    WebhookReport report = crm.webhooks().receive(bytes, signature.orElse(""));
    return ResponseEntity.status(report.httpStatus()).build();
  }
}
