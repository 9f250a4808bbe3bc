"""`envlens server`: runs the language server."""

import argparse

from .errors import UsageError


def run(args: argparse.Namespace) -> int:
    """Serves until the client is gone."""
    from ..lsp import app

    if args.tcp is not None and not 0 <= args.tcp < 1 << 16:
        raise UsageError(f"{args.tcp} is no port")
    try:
        return app.run(args.tcp, app.Given(args.workspace, args.open_workspace))
    except OSError as error:
        raise UsageError(f"the server cannot start: {error.strerror}") from error
