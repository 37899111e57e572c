"""NN Playground: build a network, press Play, watch it learn.

Importing the package prepares XLA, because its flags are read once, when JAX is imported.
"""

import os

# With these flags XLA's CPU backend emits a whole training loop as one function instead of dispatching
# thunk by thunk, which is twice as fast for networks of width 8 (docs/decisions/0002-engine.md).
_SMALL_LOOP_FLAGS = (
    "--xla_backend_extra_options=xla_cpu_small_while_loop_byte_threshold=100000000 --xla_backend_optimization_level=1"
)

if "xla_cpu_small_while_loop_byte_threshold" not in os.environ.get("XLA_FLAGS", ""):
    os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} {_SMALL_LOOP_FLAGS}".strip()
