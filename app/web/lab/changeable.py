"""Which controls of the lab have one value that can be changed: what comparisons and sweeps choose from."""

from app.web.lab.context import Lab
from app.web.lab.controls import Control
from app.web.lab.plane_panels import NetworkPanel


def changeable(lab: Lab) -> dict[str, Control]:
    """By path, without those of which the family leaves no choice."""
    knobs, data = lab.knobs, lab.data
    columns = lab.network.layers if isinstance(lab.network, NetworkPanel) else ()
    layers = (control for layer in columns for control in (layer.units, layer.activation))
    controls = (
        knobs.learning_rate,
        knobs.optimizer,
        knobs.batch_size,
        knobs.loss,
        knobs.output_activation,
        knobs.l1,
        knobs.l2,
        knobs.schedule,
        knobs.clipping,
        knobs.init,
        *layers,
        data.noise,
        data.train_fraction,
        knobs.seed,
    )
    return {control.path: control for control in controls if not control.hidden}
