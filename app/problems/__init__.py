"""Problem documents (RFC 9457): what clients get when a request cannot be answered, and what each kind means."""
