package dev.dovetable.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A callback as WhatsApp sends it, for tests of what receives it.
 *
 * <pre>{@code
 * SignedWebhook request =
 *     SignedWebhook.text("104590110000110", "12025550142", "Maria", "Two bags, please", now);
 * database.crm().webhooks().receive(request.body(), request.signature());
 * }</pre>
 *
 * <p>The CRM of a {@link CrmDatabase} takes what is signed with {@link #SECRET}; agents have the
 * tables for it with {@code @CrmTest(extensions = WebhookTables.class)}. Immutable and thread-safe.
 */
public final class SignedWebhook {
  /** The app's secret that {@link CrmDatabase#crm()} knows. */
  public static final String SECRET = "the secret of the test's app";

  private static final String ALGORITHM = "HmacSHA256";

  private static final String TEXT =
      """
      {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [{
        "field": "messages",
        "value": {
          "messaging_product": "whatsapp",
          "metadata": {"display_phone_number": "1", "phone_number_id": %s},
          "contacts": [{"profile": {"name": %s}, "wa_id": %s}],
          "messages": [{
            "from": %s, "id": %s, "timestamp": "%d", "type": "text", "text": {"body": %s}
          }]
        }
      }]}]}
      """;

  private final byte[] body;
  private final String signature;

  private SignedWebhook(byte[] body, String secret) {
    this.body = body;
    this.signature = "sha256=" + HexFormat.of().formatHex(hmac(body, secret));
  }

  /**
   * Signs a body with {@link #SECRET}.
   *
   * @param body the body, JSON as a rule
   * @return the callback
   */
  public static SignedWebhook of(String body) {
    return of(body, SECRET);
  }

  /**
   * Signs a body with an app's secret.
   *
   * @param body the body, JSON as a rule
   * @param secret one of the CRM's {@code webhookSecrets}, or another one to be refused
   * @return the callback
   */
  public static SignedWebhook of(String body, String secret) {
    return new SignedWebhook(
        requireNonNull(body, "body").getBytes(UTF_8), requireNonNull(secret, "secret"));
  }

  /**
   * A message of text, signed with {@link #SECRET}. What it is sent by has the same id each time
   * that all arguments are the same, so that it counts as a repetition then.
   *
   * @param phoneNumberId the receiver: the {@code phoneNumberId} of a WhatsApp configuration
   * @param from the sender's phone number, digits only
   * @param name the sender's name
   * @param text what they write
   * @param time when, in whole seconds as WhatsApp tells it
   * @return the callback
   */
  public static SignedWebhook text(
      String phoneNumberId, String from, String name, String text, Instant time) {
    String id = "wamid." + HexFormat.of().toHexDigits((text + from + time).hashCode());
    return of(
        TEXT.formatted(
            quoted(phoneNumberId),
            quoted(name),
            quoted(from),
            quoted(from),
            quoted(id),
            time.getEpochSecond(),
            quoted(text)));
  }

  /**
   * The request's body.
   *
   * @return a copy of its bytes
   */
  public byte[] body() {
    return body.clone();
  }

  /**
   * The request's header {@code X-Hub-Signature-256}.
   *
   * @return {@code sha256=} and the body's HMAC-SHA256 in hexadecimal digits
   */
  public String signature() {
    return signature;
  }

  /** {@return the body's length; it may hold texts and phone numbers} */
  @Override
  public String toString() {
    return "SignedWebhook[" + body.length + " bytes]";
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append("\\u").append(HexFormat.of().toHexDigits(c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }

  private static byte[] hmac(byte[] body, String secret) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.getBytes(UTF_8), ALGORITHM));
      return mac.doFinal(body);
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("Every Java has " + ALGORITHM + ".", e);
    }
  }
}
