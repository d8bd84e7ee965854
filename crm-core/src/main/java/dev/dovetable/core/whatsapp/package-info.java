/** Configurations of business numbers: {@code whatsapp_configuration} in the specification. */
@NullMarked
package dev.dovetable.core.whatsapp;

import org.jspecify.annotations.NullMarked;
