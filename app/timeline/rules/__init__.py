"""What each kind of timing rule leads to."""
