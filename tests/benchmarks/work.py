"""The two networks of reference-2d that everybody trains, so that figures compare."""

from dataclasses import dataclass

from app.schemas.experiment import PlaneExperiment, as_plane
from app.schemas.url import from_query

_ALL_SEVEN = "x1,x2,x1^2,x2^2,x1*x2,sin(x1),sin(x2)"
_SIX_OF_EIGHT = "&".join(f"network.layers.{layer}.units=8" for layer in range(6))


@dataclass(frozen=True)
class Work:
    """One network, its batch size, and how fast TensorFlow Playground's engine does it in the measured reference."""

    name: str
    query: str
    sizes: tuple[int, ...]
    batch_size: int
    reference_over_numpy: float
    """Its throughput over NumPy's by hand (performance.md: 1 / 0.22 and 1 / 2.9), so that no browser is needed."""
    floor: float
    """The least ratio to the reference that is wanted."""

    @property
    def experiment(self) -> PlaneExperiment:
        """As our engine gets it: everything else is the reference's default."""
        return as_plane(from_query(self.query))


WORKS = (
    Work("default 2-4-2-1, batch 10, circle", "", (2, 4, 2, 1), 10, 1 / 0.22, 3.0),
    Work(
        "largest 7-8×6-1, batch 30, spiral",
        f"data.kind=spiral&data.features={_ALL_SEVEN}&training.batch_size=30&{_SIX_OF_EIGHT}",
        (7, 8, 8, 8, 8, 8, 8, 1),
        30,
        1 / 2.9,
        15.0,
    ),
)
SAMPLES = 250
"""Training samples in both."""
