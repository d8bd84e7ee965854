/** No API: what of the catalogues there should be, and how it differs from what there is. */
@NullMarked
package dev.dovetable.schema.internal.catalog;

import org.jspecify.annotations.NullMarked;
