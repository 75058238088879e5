"""Facts about a person's contract: their definitions, and the query fields that carry them."""
