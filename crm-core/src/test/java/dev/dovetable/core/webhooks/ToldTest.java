package dev.dovetable.core.webhooks;

import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.deliveries.Delivery;
import dev.dovetable.core.messages.Message;
import org.junit.jupiter.api.BeforeEach;

/** Tells one agent of things, with apostrophes for quotation marks. */
abstract class ToldTest extends WebhookTest {
  static final PageRequest PAGE = PageRequest.first(100);
  static final String ADA = "13125550142";
  static final String OWN = "12025550110";

  Business shop;

  @BeforeEach
  void makeShop() {
    forgetUnrouted();
    shop = newBusiness();
  }

  String body(String field, String value) {
    return ("{'entry':[{'id':'2045901','time':1790000000,'changes':["
            + change(field, value)
            + "]}]}")
        .replace('\'', '"');
  }

  String change(String field, String value) {
    return "{'field':'%s','value':{'metadata':{'display_phone_number':'%s','phone_number_id':'%s'},%s}}"
        .formatted(field, OWN, shop.phoneNumberId(), value);
  }

  WebhookReport tell(String value) {
    return receive(body("messages", value));
  }

  static String text(String id, String from, int at, String text) {
    return "{'from':'%s','id':'%s','timestamp':'%d','type':'text','text':{'body':'%s'}}"
        .formatted(from, id, at, text);
  }

  static String of(String id, String from, int at, String type, String content) {
    return "{'from':'%s','id':'%s','timestamp':'%d','type':'%s','%s':%s}"
        .formatted(from, id, at, type, type, content);
  }

  Customer customer(String phone) {
    return shop.scope().customers().findByPhone(phone).orElseThrow();
  }

  Message message(String providerId) {
    return shop.scope().deliveries().findMessage(providerId).orElseThrow();
  }

  Delivery delivery(String providerId) {
    return shop.scope().deliveries().find(message(providerId).id()).orElseThrow();
  }
}
