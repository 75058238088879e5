"""Calendar feeds: addresses that calendar apps subscribe to, one session's dates each."""
