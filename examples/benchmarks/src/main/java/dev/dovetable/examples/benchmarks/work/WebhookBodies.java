package dev.dovetable.examples.benchmarks.work;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Bodies as WhatsApp sends them, signed; no message is in two of them. */
public final class WebhookBodies {

  public static final String SECRET = "secret of the benchmark";
  public static final String PHONE_NUMBER_ID = "104590110000110";

  private static final String ALGORITHM = "HmacSHA256";
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Instant FIRST = Instant.parse("2026-06-01T00:00:00Z");

  private static final long FIRST_PHONE = 12_025_550_001L;
  private static final long FIRST_NEW_PHONE = 493_012_000_000L;

  private final int customers;
  private int sent;
  private int newSenders;

  public WebhookBodies(int customers) {
    this.customers = customers;
  }

  /** A body and the header that proves where it is from. */
  public record Signed(byte[] body, String signature) {}

  /** Bodies of text messages of known customers. */
  public List<Signed> next(int bodies, int messagesInEach) throws GeneralSecurityException {
    List<Signed> all = new ArrayList<>();
    for (int i = 0; i < bodies; i++) {
      all.add(signed(body(messagesInEach, FIRST_PHONE, customers)));
    }
    return all;
  }

  /** One body of as many messages, each of another sender, whom nobody knows yet. */
  public Signed ofNewSenders(int messages) throws GeneralSecurityException {
    newSenders += messages;
    return signed(body(messages, FIRST_NEW_PHONE + newSenders, messages));
  }

  private static Signed signed(String body) throws GeneralSecurityException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return new Signed(bytes, signature(bytes));
  }

  private String body(int messages, long firstPhone, int phones) {
    ObjectNode root = JSON.createObjectNode();
    root.put("object", "whatsapp_business_account");
    ObjectNode entry = root.putArray("entry").addObject();
    entry.put("id", "102290129340398");
    ObjectNode change = entry.putArray("changes").addObject();
    change.put("field", "messages");
    ObjectNode value = change.putObject("value");
    value.put("messaging_product", "whatsapp");
    ObjectNode metadata = value.putObject("metadata");
    metadata.put("display_phone_number", "12025550110");
    metadata.put("phone_number_id", PHONE_NUMBER_ID);
    ArrayNode contacts = value.putArray("contacts");
    ArrayNode list = value.putArray("messages");
    for (int i = 0; i < messages; i++) {
      addMessage(contacts, list, firstPhone, phones);
    }
    return JSON.writeValueAsString(root);
  }

  private void addMessage(ArrayNode contacts, ArrayNode messages, long firstPhone, int phones) {
    int number = ++sent;
    String phone = Long.toString(firstPhone + number % phones);
    ObjectNode contact = contacts.addObject();
    contact.put("wa_id", phone);
    contact.putObject("profile").put("name", "Customer");
    ObjectNode message = messages.addObject();
    message.put("id", "wamid.benchmark." + number);
    message.put("from", phone);
    message.put("timestamp", Long.toString(FIRST.getEpochSecond() + number));
    message.put("type", "text");
    message.putObject("text").put("body", CrmInbound.TEXT);
  }

  private static String signature(byte[] body) throws GeneralSecurityException {
    Mac mac = Mac.getInstance(ALGORITHM);
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), ALGORITHM));
    return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
  }
}
