// Only the precompiled header is wanted, but a target needs a source file.
