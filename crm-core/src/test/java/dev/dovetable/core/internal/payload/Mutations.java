package dev.dovetable.core.internal.payload;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Damages bodies: their bytes, or the structure of their JSON. */
public final class Mutations {

  /** Escapes, so that halves of surrogate pairs come through. */
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .enable(JsonNodeFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "0",
          "-1",
          "17",
          "1e400",
          "1e-99999",
          "123456789012345678901234567890",
          "9223372036854775808",
          "1795080000",
          "[]",
          "{}",
          "[[]]",
          "[7]",
          "{\"\":{}}",
          "{\"id\":\"1\",\"body\":\"x\"}",
          "\"\"",
          "\" \"",
          "\"\\u0000\"",
          "\"\\ud83d\"",
          "\"a\\udc00b\\ud83d\\ude00\"",
          "\"text\"",
          "\"audio\"",
          "\"system\"",
          "\"interactive\"",
          "\"edit\"",
          "\"failed\"",
          "\"group\"",
          "\"1795080000\"",
          "\"99999999999999999999\"",
          "\"١٢٣\"",
          "\"US.20480117645503318742\"",
          "\"{\\\"a\\\":{\\\"b\\\":[1]}}\"",
          "\"" + "x".repeat(300) + "\"",
          "[".repeat(60) + "]".repeat(60));

  private final Random random;
  private final List<byte[]> bodies;

  public Mutations(Random random, List<byte[]> bodies) {
    this.random = random;
    this.bodies = bodies;
  }

  public byte[] next() {
    byte[] body = pick(bodies);
    int times = 1 + random.nextInt(4);
    if (random.nextInt(3) == 0) {
      for (int i = 0; i < times; i++) {
        body = damage(body);
      }
      return body;
    }
    JsonNode tree = parse(body);
    for (int i = 0; i < times; i++) {
      change(tree);
    }
    return JSON.writeValueAsBytes(tree);
  }

  private static JsonNode parse(byte[] body) {
    String text = new String(body, UTF_8);
    // One of the recorded bodies has something behind its end.
    return JSON.readTree(text.substring(0, text.lastIndexOf('}') + 1));
  }

  private byte[] damage(byte[] body) {
    if (body.length < 2) {
      return new byte[] {(byte) random.nextInt()};
    }
    int at = random.nextInt(body.length);
    int length = Math.min(body.length - at, 1 + random.nextInt(20));
    byte[] other = pick(bodies);
    return switch (random.nextInt(6)) {
      case 0 -> {
        byte[] copy = body.clone();
        copy[at] ^= (byte) (1 << random.nextInt(8));
        yield copy;
      }
      case 1 -> {
        byte[] copy = body.clone();
        copy[at] = (byte) random.nextInt();
        yield copy;
      }
      case 2 -> join(Arrays.copyOf(body, at), Arrays.copyOfRange(body, at + length, body.length));
      case 3 -> join(Arrays.copyOf(body, at + length), Arrays.copyOfRange(body, at, body.length));
      case 4 -> Arrays.copyOf(body, at);
      default -> join(Arrays.copyOf(body, at), other);
    };
  }

  private static byte[] join(byte[] one, byte[] other) {
    byte[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }

  private void change(JsonNode tree) {
    List<JsonNode> containers = new ArrayList<>();
    collect(tree, containers);
    JsonNode container = pick(containers);
    if (container instanceof ObjectNode object && !object.isEmpty()) {
      change(object);
    } else if (container instanceof ArrayNode array && !array.isEmpty()) {
      change(array);
    }
  }

  private static void collect(JsonNode node, List<JsonNode> containers) {
    if (node.isContainer()) {
      containers.add(node);
      node.values().forEach(child -> collect(child, containers));
    }
  }

  private void change(ObjectNode object) {
    String name = pick(List.copyOf(object.propertyNames()));
    switch (random.nextInt(5)) {
      case 0 -> object.remove(name);
      case 1 ->
          object.set(name + pick(List.of("x", "\0", "\ud83d", "")), object.get(name).deepCopy());
      case 2 -> object.set(pick(List.of("type", "id", "messages", "errors", "\0")), value());
      case 3 -> object.set(name, JSON.createArrayNode().add(object.get(name).deepCopy()));
      default -> object.set(name, value());
    }
  }

  private void change(ArrayNode array) {
    int at = random.nextInt(array.size());
    switch (random.nextInt(4)) {
      case 0 -> array.remove(at);
      case 1 -> array.add(array.get(at).deepCopy());
      case 2 -> array.insert(at, value());
      default -> array.set(at, value());
    }
  }

  private JsonNode value() {
    return JSON.readTree(pick(VALUES));
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
