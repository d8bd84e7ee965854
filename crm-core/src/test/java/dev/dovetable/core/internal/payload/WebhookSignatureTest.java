package dev.dovetable.core.internal.payload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSignatureTest {

  private static final byte[] BODY = "{\"entry\": []}".getBytes(UTF_8);

  private final WebhookSignature signature = WebhookSignature.of(List.of("old secret", "new"));

  /** Test case 2 of RFC 4231. */
  @Test
  void isHmacSha256() {
    assertThat(
            WebhookSignature.of(List.of("Jefe"))
                .matches(
                    "what do ya want for nothing?".getBytes(UTF_8),
                    "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"))
        .isTrue();
  }

  @Test
  void anyOfTheSecretsWillDo() throws Exception {
    assertThat(signature.matches(BODY, sign("old secret", BODY))).isTrue();
    assertThat(signature.matches(BODY, sign("new", BODY))).isTrue();
    assertThat(signature.matches(BODY, sign("other", BODY))).isFalse();
    assertThat(signature.matches(BODY, upperDigits(sign("new", BODY)))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "sha256=", "sha1=", "sha256=é", "sha256=٣٣", "=", "sha256", "\ud83d", "\0"})
  void whatIsNoSignatureDoesNotMatch(String header) {
    assertThat(signature.matches(BODY, header)).isFalse();
  }

  @Test
  void aMissingOrMalformedHeaderDoesNotMatch() throws Exception {
    String right = sign("new", BODY);
    assertThat(signature.matches(BODY, null)).isFalse();
    assertThat(signature.matches(BODY, right.substring("sha256=".length()))).isFalse();
    assertThat(signature.matches(BODY, right.replace("sha256", "SHA256"))).isFalse();
    assertThat(signature.matches(BODY, " " + right)).isFalse();
    assertThat(signature.matches(BODY, right + " ")).isFalse();
    assertThat(signature.matches(BODY, right + "00")).isFalse();
    assertThat(signature.matches(BODY, right.substring(0, right.length() - 1))).isFalse();
    assertThat(signature.matches(BODY, right + "," + right)).isFalse();
  }

  @Test
  void anyOtherCharacterInItDoesNotMatch() throws Exception {
    String right = sign("new", BODY);
    Random random = new Random(20261125);
    for (int i = 0; i < right.length(); i++) {
      for (int attempt = 0; attempt < 50; attempt++) {
        char other = (char) (random.nextBoolean() ? random.nextInt(128) : random.nextInt(65536));
        String header = right.substring(0, i) + other + right.substring(i + 1);
        boolean same =
            i < "sha256=".length()
                ? header.equals(right)
                : other < 128 && header.toLowerCase(Locale.ROOT).equals(right);
        assertThat(signature.matches(BODY, header)).as(header).isEqualTo(same);
      }
    }
  }

  @Test
  void noSecretIsNoCheck() {
    assertThatIllegalArgumentException().isThrownBy(() -> WebhookSignature.of(List.of()));
    assertThatIllegalArgumentException().isThrownBy(() -> WebhookSignature.of(List.of("a", "")));
  }

  @Test
  void showsNoSecret() {
    assertThat(signature.toString()).doesNotContain("secret", "new");
  }

  static String sign(String secret, byte[] body) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
    return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
  }

  private static String upperDigits(String header) {
    return "sha256=" + header.substring("sha256=".length()).toUpperCase(Locale.ROOT);
  }
}
