/** The CRM in Spring Boot: the bean, its properties, and what makes it part of transactions. */
@NullMarked
package dev.dovetable.spring;

import org.jspecify.annotations.NullMarked;
