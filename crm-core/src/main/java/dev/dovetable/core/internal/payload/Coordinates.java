package dev.dovetable.core.internal.payload;

import java.math.BigDecimal;

/** Degrees: from −90 to 90, and from −180 to 180. */
public record Coordinates(BigDecimal latitude, BigDecimal longitude) {}
