"""How many mistakes are to be expected of whoever learns by them, in words."""

import numpy as np

from app.data.dataset import Prepared, PreparedPoints
from app.data.separability import margins
from app.families.base import PlaneSetup
from app.families.registry import family_of
from app.schemas.experiment import Experiment, as_plane


def bound_words(resolved: Experiment, prepared: Prepared) -> str:
    """Novikoff's bound with the narrowest margin γ and the radius R, where planes part all classes; else nothing.

    The bound is on corrections of all units together, from the first weights and at the learning rate as they now read.
    """
    found = margins(prepared)
    if found is None or not isinstance(prepared, PreparedPoints):
        return ""
    family, setup = family_of(resolved.family), PlaneSetup(as_plane(resolved), prepared)
    tensors = family.tensors(setup, family.init(setup)).values()
    starts = np.sqrt(sum(np.sum(np.atleast_2d(tensor).astype(np.float64) ** 2, axis=0) for tensor in tensors))
    rate = resolved.training.optimizer.learning_rate
    most = sum(margin.most_mistakes(start / rate) for margin, start in zip(found, starts.tolist(), strict=True))
    narrowest = min(margin.margin for margin in found)
    return f"At most {most:,} mistakes (γ {narrowest:.2g}, R {found[0].radius:.2g})"
