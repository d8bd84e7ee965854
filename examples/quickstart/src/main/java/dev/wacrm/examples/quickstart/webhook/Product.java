package dev.wacrm.examples.quickstart.webhook;

import java.math.BigDecimal;

/**
 * One line of an order that a customer sent from a catalogue.
 *
 * @param retailerId the product's id in the catalogue
 * @param price for one, in the catalogue's currency
 */
public record Product(String retailerId, int quantity, BigDecimal price) {}
