"""How often frames come where many are watched: they become rarer before training does, and pictures before frames."""

from typing import NamedTuple

FRAME_SECONDS = 1 / 20
SLOWEST_FRAME_SECONDS = 0.13
_SHARE = 0.4
"""The share of time that frames may take while runs train, as long as they need not come slower than that."""
_PICTURES_SHARE = 0.2
"""The share of time that pictures may take then, which come with some frames only."""
_LEAST_TRAINING = 0.25
"""Where frames take longer even so, training still gets this share of what they take, and they come later."""
_WEIGHT = 0.05
"""Of the latest frame, in what one costs on average."""


class Rhythm(NamedTuple):
    """For each run that trains under somebody's eyes. Times are in seconds."""

    interval: float = FRAME_SECONDS
    """Between two frames."""
    pictures: float = 0.0
    """Between two frames with all pictures; those between have only what costs next to nothing. 0 where all have."""
    leisure: float = FRAME_SECONDS
    """How much of an interval is left for training, that of all runs together."""


class Metronome:
    """Finds the rhythm from what frames have cost so far."""

    def __init__(self) -> None:
        self._whole, self._sketch = 0.002, 0.0005

    def note(self, seconds: float, *, sketch: bool) -> None:
        """A frame took so long, with all pictures or as a sketch."""
        if sketch:
            self._sketch += _WEIGHT * (seconds - self._sketch)
        else:
            self._whole += _WEIGHT * (seconds - self._whole)

    def rhythm(self, watched: int) -> Rhythm:
        """Where so many runs train under somebody's eyes."""
        interval, pictures, observing = max(FRAME_SECONDS, self._whole * watched / _SHARE), 0.0, self._whole * watched
        if interval > SLOWEST_FRAME_SECONDS:
            interval, pictures = SLOWEST_FRAME_SECONDS, self._whole * watched / _PICTURES_SHARE
            observing = self._sketch * watched + _PICTURES_SHARE * interval
        return Rhythm(interval, pictures, max(_LEAST_TRAINING * observing, interval - observing))
