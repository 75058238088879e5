"""Calendar feeds: each is a URL with the dates of one session, to which calendar apps subscribe."""
