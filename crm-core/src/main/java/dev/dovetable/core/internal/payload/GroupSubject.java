package dev.dovetable.core.internal.payload;

import java.time.Instant;

/**
 * What a group is called.
 *
 * @param groupId the provider's id of it
 * @param at the provider's time, to the second
 * @param place in the body: orders what is told of one second
 */
public record GroupSubject(String groupId, String subject, Instant at, int place) {}
