"""Problem documents (RFC 9457): their kinds, handlers, validation, and the pages about them."""
