"""Who can be reached now."""
