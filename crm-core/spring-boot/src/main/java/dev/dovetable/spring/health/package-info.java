/** Whether the CRM can be worked with. */
@NullMarked
package dev.dovetable.spring.health;

import org.jspecify.annotations.NullMarked;
