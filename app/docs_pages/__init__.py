"""The documentation pages /docs (Swagger UI) and /redoc (ReDoc), served without any other host."""
