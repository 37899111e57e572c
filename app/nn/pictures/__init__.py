"""Networks for pictures: what layers compute and where their numbers lie, compiled exactly for one network.

Pictures are (channels, height, width, samples): samples come last, so that XLA's loops run over them.
"""

from collections.abc import Mapping

COMPILER_OPTIONS: Mapping[str, bool] = {"xla_cpu_use_fusion_emitters": False}
"""How programs with such networks compile in half the time, and run no slower (docs/decisions/0016-convolutions.md)."""
