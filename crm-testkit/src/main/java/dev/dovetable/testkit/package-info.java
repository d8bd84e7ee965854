/**
 * For the tests of applications: a database with the CRM for each test class, data to fill it with,
 * and assertions about isolation. {@link dev.dovetable.testkit.CrmTest} is where to start.
 */
@NullMarked
package dev.dovetable.testkit;

import org.jspecify.annotations.NullMarked;
