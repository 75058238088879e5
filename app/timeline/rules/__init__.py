"""What the timeline makes of each kind of timing rule: one module a kind, listed in `registry`."""
