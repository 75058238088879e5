"""The response cache: answers ready to send, in front of everything that would compute them."""
