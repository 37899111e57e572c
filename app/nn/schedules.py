"""The factor that a schedule puts on the learning rate, as a function of finished epochs."""

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array, lax
from jaxtyping import Float, Int

from app.nn.host import integer, real
from app.schemas.training import SCHEDULES, Schedule

_KINDS: tuple[str, ...] = tuple(model.model_fields["kind"].default for model in SCHEDULES)


class ScheduleKnobs(NamedTuple):
    """The choice of schedule: `factor` is gamma or floor, `epochs` its period."""

    code: Int[Array, ""]
    factor: Float[Array, ""]
    epochs: Float[Array, ""]


def schedule_knobs(schedule: Schedule) -> ScheduleKnobs:
    """The knobs of a schedule's document."""
    factor = getattr(schedule, "gamma", getattr(schedule, "floor", 1.0))
    epochs = getattr(schedule, "every", getattr(schedule, "epochs", 1))
    return ScheduleKnobs(integer(_KINDS.index(schedule.kind)), real(factor), real(float(epochs)))


def schedule_factor(knobs: ScheduleKnobs, epoch: Int[Array, ""]) -> Float[Array, ""]:
    """What the learning rate is multiplied by after `epoch` finished epochs (formulas: app.schemas.training)."""
    finished = epoch.astype(jnp.float32)
    progress = jnp.minimum(finished / knobs.epochs, 1.0)
    branches = {
        "constant": lambda: jnp.float32(1.0),
        "step": lambda: knobs.factor ** jnp.floor(finished / knobs.epochs),
        "exponential": lambda: knobs.factor**finished,
        "cosine": lambda: knobs.factor + (1 - knobs.factor) * 0.5 * (1 + jnp.cos(jnp.pi * progress)),
        "warm_up": lambda: jnp.minimum((finished + 1) / knobs.epochs, 1.0),
    }
    return lax.switch(knobs.code, [branches[kind] for kind in _KINDS])
