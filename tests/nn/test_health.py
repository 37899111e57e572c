import jax
import numpy as np
import pytest

from app.nn.health import last_broken

COUNTS = [100, 0, 60, 1, 300]
LAYER_OF = np.repeat(np.arange(len(COUNTS), dtype=np.uint8), COUNTS)


def broken(*places: int, value: float = np.nan) -> list[int]:
    values = np.linspace(-3e38, 3e38, len(LAYER_OF), dtype=np.float32)
    values[list(places)] = value
    found = jax.jit(lambda values: last_broken(values, LAYER_OF, len(COUNTS)))(values)
    return np.flatnonzero(~np.isfinite(found)).tolist()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize(("places", "layer"), [((0,), 0), ((99,), 0), ((100,), 2), ((160,), 3), ((460,), 4)])
def test_the_layer_of_what_is_not_finite_is_found(places: tuple[int, ...], layer: int, value: float) -> None:
    assert broken(*places, value=value) == [layer]


def test_of_several_it_is_the_last() -> None:
    assert broken(3, 120, 160) == [3]


def test_large_numbers_are_sound() -> None:
    assert broken() == []
