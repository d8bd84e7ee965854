/**
 * What is not as in a fresh installation: {@link dev.dovetable.schema.doctor.CrmDoctor} finds and
 * repairs it.
 */
@NullMarked
package dev.dovetable.schema.doctor;

import org.jspecify.annotations.NullMarked;
