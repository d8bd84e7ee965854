package dev.dovetable.examples.quickstart;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Plays the provider's part: signs what it sends, and takes messages to send. */
final class WhatsApp {

  /** Made up for this example. An app's own is among its settings at Meta, and a secret. */
  static final String APP_SECRET = "0123456789abcdef";

  private static final String ALGORITHM = "HmacSHA256";

  private WhatsApp() {}

  /** The header {@code X-Hub-Signature-256} of a callback. */
  static String sign(byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(APP_SECRET.getBytes(StandardCharsets.UTF_8), ALGORITHM));
      return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Takes a message, and answers with the id that its statuses will carry. */
  static String send(String recipient, String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((recipient + "\n" + text).getBytes(StandardCharsets.UTF_8));
      return "wamid." + Base64.getEncoder().encodeToString(digest.digest());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
