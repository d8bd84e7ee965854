package dev.dovetable.core.internal.payload;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Checks the header {@code X-Hub-Signature-256}: HMAC-SHA256 over the body's bytes, with the app's
 * secret. Immutable and thread-safe.
 */
public final class WebhookSignature {

  private static final String ALGORITHM = "HmacSHA256";
  private static final String SCHEME = "sha256=";
  private static final int DIGEST_BYTES = 32;

  private final List<SecretKeySpec> keys;

  private WebhookSignature(List<SecretKeySpec> keys) {
    this.keys = keys;
  }

  /**
   * A check that any of the secrets passes, so that they can be rotated.
   *
   * @throws IllegalArgumentException if there is none, or an empty one
   */
  public static WebhookSignature of(List<String> appSecrets) {
    if (appSecrets.isEmpty()) {
      throw new IllegalArgumentException("There is no secret to check signatures with.");
    }
    return new WebhookSignature(
        appSecrets.stream()
            .map(secret -> new SecretKeySpec(secret.getBytes(UTF_8), ALGORITHM))
            .toList());
  }

  /**
   * Whether the header is the body's signature. How long that takes depends on the body's length
   * and on the number of secrets, and on nothing of what the header or a secret holds.
   *
   * @param header {@code sha256=} and 64 hexadecimal digits of either case; null if it is missing
   */
  public boolean matches(byte[] body, @Nullable String header) {
    byte[] claimed = new byte[DIGEST_BYTES];
    boolean wellFormed = decode(header == null ? "" : header, claimed);
    boolean matches = false;
    for (SecretKeySpec key : keys) {
      matches |= MessageDigest.isEqual(sign(key, body), claimed);
    }
    return wellFormed & matches;
  }

  private static byte[] sign(SecretKeySpec key, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(body);
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("Every Java has " + ALGORITHM + ".", e);
    }
  }

  /** Goes through the whole digest whatever it finds. */
  private static boolean decode(String header, byte[] digest) {
    boolean wellFormed =
        header.startsWith(SCHEME) & header.length() == SCHEME.length() + 2 * DIGEST_BYTES;
    for (int i = 0; i < DIGEST_BYTES; i++) {
      int high = digit(header, SCHEME.length() + 2 * i);
      int low = digit(header, SCHEME.length() + 2 * i + 1);
      wellFormed &= (high | low) >= 0;
      digest[i] = (byte) (high << 4 | low & 0xf);
    }
    return wellFormed;
  }

  /** Negative where there is none; Character.digit would take other scripts' digits, too. */
  private static int digit(String header, int index) {
    char c = index < header.length() ? header.charAt(index) : '-';
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    char lower = (char) (c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }
}
