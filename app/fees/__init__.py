"""The fee check: which legal cap applies to an early cancellation fee."""
