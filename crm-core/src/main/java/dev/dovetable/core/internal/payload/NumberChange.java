package dev.dovetable.core.internal.payload;

import java.util.Optional;

/** The ids that a customer goes by from now on; one of them is there. */
public record NumberChange(Optional<String> newPhone, Optional<String> newUserId) {}
