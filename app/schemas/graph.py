"""A network as a drawing and an export see it: its layers with shapes and parameter counts."""

from app.schemas.document import Document


class GraphLayer(Document):
    """One layer. The output layer comes last."""

    kind: str
    detail: str = ""
    """What else makes it what it is, in words: the kernel's size, the stride."""
    inputs: int
    """Numbers that one sample brings."""
    units: int
    """Numbers that it makes of them."""
    shape: tuple[int, ...] = ()
    """How these are arranged, where they are more than a row: channels, height and width."""
    activation: str
    parameters: int
    """Weights and biases."""
    work: int
    """Multiplications for one sample, or as many as take as long."""


class Graph(Document):
    """The whole network, inputs first."""

    features: tuple[str, ...]
    layers: tuple[GraphLayer, ...]

    @property
    def parameters(self) -> int:
        """Weights and biases in all."""
        return sum(layer.parameters for layer in self.layers)

    @property
    def work(self) -> int:
        """Multiplications for one sample, or as many as take as long."""
        return sum(layer.work for layer in self.layers)
