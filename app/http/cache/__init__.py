"""The response cache: it runs before all other middleware (docs/decisions/0005)."""
