package dev.dovetable.schema.archive;

/**
 * A table's rows in an archive. Immutable and thread-safe.
 *
 * @param name the table's name without the prefix
 * @param rows how many rows
 * @param bytes how many bytes they are, before they are compressed
 * @param sha256 the hash of these bytes, in hexadecimal digits
 */
public record ArchivedTable(String name, long rows, long bytes, String sha256) {}
