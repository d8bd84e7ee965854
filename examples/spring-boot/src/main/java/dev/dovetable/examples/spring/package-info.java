/** A service in Spring Boot that shares its transactions with the CRM. */
@NullMarked
package dev.dovetable.examples.spring;

import org.jspecify.annotations.NullMarked;
