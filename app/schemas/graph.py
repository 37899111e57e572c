"""A network as a drawing and an export see it: its layers with shapes and parameter counts."""

from app.schemas.document import Document


class GraphLayer(Document):
    """One layer. The output layer comes last."""

    kind: str
    inputs: int
    units: int
    activation: str
    parameters: int
    """Weights and biases."""


class Graph(Document):
    """The whole network, inputs first."""

    features: tuple[str, ...]
    layers: tuple[GraphLayer, ...]

    @property
    def parameters(self) -> int:
        """Weights and biases in all."""
        return sum(layer.parameters for layer in self.layers)
