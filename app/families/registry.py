"""The only file that names all families."""

from collections.abc import Mapping

from app.families.base import Family
from app.families.mlp import Mlp

FAMILIES: Mapping[str, Family] = {family.name: family for family in (Mlp(),)}


def family_of(name: str) -> Family:
    """The family that an Experiment names; the schema lets no other name through."""
    return FAMILIES[name]
