"""The command line, and the composition root: here adapters are made and handed to the host."""
