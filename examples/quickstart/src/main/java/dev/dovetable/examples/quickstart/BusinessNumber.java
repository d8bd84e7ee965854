package dev.dovetable.examples.quickstart;

import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A number of a business.
 *
 * @param id the provider's phone_number_id, by which a callback finds its agent
 * @param display the number as digits, for people
 */
record BusinessNumber(String id, String display) {

  /** The numbers that a body is for, if it is one. */
  static List<BusinessNumber> in(byte[] body) {
    JsonNode root;
    try {
      root = JsonMapper.shared().readTree(body);
    } catch (JacksonException e) {
      return List.of();
    }
    return root.findValues("metadata").stream()
        .filter(metadata -> metadata.path("phone_number_id").isString())
        .map(BusinessNumber::of)
        .toList();
  }

  private static BusinessNumber of(JsonNode metadata) {
    String id = metadata.path("phone_number_id").stringValue();
    return new BusinessNumber(id, metadata.path("display_phone_number").stringValue(id));
  }
}
