"""Which image a definition is: the values of its YAML, the text that is hashed, and the digests of it."""
