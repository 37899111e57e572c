"""Settings of JAX that hold for the whole process."""

from pathlib import Path

import jax


def configure(cache_dir: Path) -> None:
    """Keeps compiled programs in `cache_dir` across restarts, and matrix products exact to float32 on every device.

    Programs run in the thread that calls them: handing short ones over costs as much as they do.
    """
    jax.config.update("jax_compilation_cache_dir", str(cache_dir / "xla"))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
    jax.config.update("jax_default_matmul_precision", "highest")
    jax.config.update("jax_cpu_enable_async_dispatch", val=False)
