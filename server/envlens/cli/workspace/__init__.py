"""The commands that work with registered environments, one module a command or two."""
