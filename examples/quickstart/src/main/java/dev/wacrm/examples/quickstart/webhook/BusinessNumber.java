package dev.wacrm.examples.quickstart.webhook;

/**
 * The business number that a delivery concerns.
 *
 * @param id the provider's phone_number_id, by which a delivery finds its agent
 * @param display the number as digits, for people
 */
public record BusinessNumber(String id, String display) {}
