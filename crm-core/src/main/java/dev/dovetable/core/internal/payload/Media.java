package dev.dovetable.core.internal.payload;

import java.util.Optional;

/**
 * A file, which the Cloud API hands out by its id.
 *
 * @param sha256 the digest in Base64
 */
public record Media(
    Optional<String> id,
    Optional<String> mimeType,
    Optional<String> caption,
    Optional<String> fileName,
    Optional<String> sha256) {}
