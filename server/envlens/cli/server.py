"""`envlens server`: runs the language server."""

import argparse


def run(args: argparse.Namespace) -> int:
    """Serves until the client is gone."""
    from ..lsp import app

    return app.run(args.tcp)
