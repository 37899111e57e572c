"""The only file that names all families."""

from collections.abc import Mapping

from app.families.base import AnyFamily
from app.families.cnn import Cnn
from app.families.mlp import Mlp
from app.families.perceptron import Perceptron

FAMILIES: Mapping[str, AnyFamily] = {family.name: family for family in (Mlp(), Perceptron(), Cnn())}


def family_of(name: str) -> AnyFamily:
    """The family that an Experiment names; the schema lets no other name through."""
    return FAMILIES[name]
