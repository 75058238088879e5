"""The documentation pages /docs (Swagger UI) and /redoc (ReDoc), with all assets from this host."""
