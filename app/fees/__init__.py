"""Which legal cap applies to a fee for leaving early."""
