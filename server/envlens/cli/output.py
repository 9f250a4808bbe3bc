"""Writes files as a whole or not at all."""

import contextlib
import os
import stat


def write(path: str, data: bytes) -> None:
    """Replaces a file; a link keeps pointing to it, a file keeps its mode. Raises OSError.

    What is no regular file (`/dev/stdout`, a pipe) cannot be replaced and is written to.
    """
    path = os.path.realpath(path)
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        mode = stat.S_IFREG | 0o666 & ~umask()
    if not stat.S_ISREG(mode):
        with open(path, "wb") as file:
            file.write(data)
        return
    import tempfile  # only where something is written

    descriptor, temporary = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".envlens-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, stat.S_IMODE(mode))
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def umask() -> int:
    """What new files must not allow. It can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
