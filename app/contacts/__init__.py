"""The contacts of a carrier, and which of them are open at an instant."""
