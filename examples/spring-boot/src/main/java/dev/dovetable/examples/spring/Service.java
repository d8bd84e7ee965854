package dev.dovetable.examples.spring;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * WhatsApp's webhook, conversations and orders of several agents over HTTP.
 *
 * <p>Apart from the webhook, every request is one of the signed-in user ({@link SignedInScope}).
 * Signing in is for you to add: without it, all of these are answered with 401.
 */
@SpringBootApplication
public class Service {

  public static void main(String[] args) {
    SpringApplication.run(Service.class, args);
  }
}
