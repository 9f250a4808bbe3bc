"""What users can choose of what rules look at: only where two real users want opposite answers."""

from typing import NamedTuple

HALF_A_YEAR = 180


class Options(NamedTuple):
    """The choices of one file's settings; windows are in days.

    `insecure_hosts` are hosts that are not reported for a lack of TLS, `known_images` patterns of repositories, as
    fnmatch has them, that stand in no catalogue and exist. Neither is ever contacted.
    """

    end_of_life_horizon: int = HALF_A_YEAR
    stale_image_window: int = HALF_A_YEAR
    insecure_hosts: tuple[str, ...] = ()
    known_images: tuple[str, ...] = ()


DEFAULT = Options()
