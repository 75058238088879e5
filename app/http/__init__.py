"""How bytes leave: conditional requests, headers, and what is logged of a request. Knows no domain."""
