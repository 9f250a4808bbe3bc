"""The one exception that the command line turns into a line on stderr and exit code 2."""


class UsageError(Exception):
    """The command cannot do what was asked; the text says what and what to do."""
