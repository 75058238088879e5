"""Which procedure fits a situation, why, and the one question worth asking next."""
