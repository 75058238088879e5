"""The fee check: which legal cap applies to an early-termination fee."""
