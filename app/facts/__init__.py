"""A person's facts: what each is, and how a query gives them."""
