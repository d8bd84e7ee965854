package dev.dovetable.examples.spring;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/**
 * WhatsApp's webhook, conversations and orders of several agents over HTTP.
 *
 * <p>Apart from the webhook it has no sign-in: whoever reaches it may name any agent. Put yours in
 * front, and let the signed-in user decide which agent is opened.
 */
@SpringBootApplication
@ConfigurationPropertiesScan
public class Service {

  public static void main(String[] args) {
    SpringApplication.run(Service.class, args);
  }
}
