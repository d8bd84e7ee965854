/** WhatsApp's webhook over Spring MVC, and what the library's exceptions mean to a client. */
@NullMarked
package dev.dovetable.spring.web;

import org.jspecify.annotations.NullMarked;
