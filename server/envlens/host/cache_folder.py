"""The user's cache folder: where it is, and how a file is put there."""

import contextlib
import os

# What reading data that somebody spoilt may raise.
SPOILT = (ValueError, TypeError, KeyError, IndexError, AttributeError)


def home() -> str:
    """The folder of the cache: `ENVLENS_CACHE_DIR`, else the user's cache folder as the platform has it."""
    chosen = os.environ.get("ENVLENS_CACHE_DIR")
    if chosen:
        return chosen
    from platformdirs import user_cache_dir

    return user_cache_dir("envlens", appauthor=False)


def write(path: str, data: bytes) -> None:
    """Puts a file in its place as a whole, for the user's eyes only. Raises OSError."""
    import tempfile  # only where something is written

    folder = os.path.dirname(path)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    # What is left where a run was ended is found by the name of what it was to become.
    descriptor, temporary = tempfile.mkstemp(dir=folder, prefix=f".{os.path.basename(path).partition('-')[0]}-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
