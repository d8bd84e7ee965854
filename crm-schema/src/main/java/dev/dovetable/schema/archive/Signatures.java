package dev.dovetable.schema.archive;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Hashes of what is in an archive, with a key and without. */
final class Signatures {
  /** Behind the name of the entry that it is about. */
  static final String ENDING = ".hmac";

  private static final String ALGORITHM = "HmacSHA256";

  private Signatures() {}

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has it", e);
    }
  }

  static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  /** Of an entry; its name counts, so that one doesn't pass for the other. */
  static byte[] sign(byte[] key, String entry, byte[] bytes) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      mac.update((entry + '\n').getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(mac.doFinal(bytes)).getBytes(StandardCharsets.US_ASCII);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has it", e);
    }
  }

  /** In a time that doesn't tell how much of it is right. */
  static boolean isSigned(byte[] key, String entry, byte[] bytes, byte[] signature) {
    return MessageDigest.isEqual(sign(key, entry, bytes), signature);
  }
}
