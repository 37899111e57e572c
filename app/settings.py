"""Settings of a server, read from `NNPLAY_*` environment variables.

Everything an operator may tune is here with its unit; nothing else reads the environment.
"""

from functools import cache
from pathlib import Path

from platformdirs import user_cache_path, user_data_path
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """One server's settings. Sizes are in bytes, times in seconds."""

    model_config = SettingsConfigDict(env_prefix="NNPLAY_", frozen=True)

    data_dir: Path = Field(default_factory=lambda: user_data_path("nn-playground"))
    cache_dir: Path = Field(default_factory=lambda: user_cache_path("nn-playground"))
    max_runs: int = Field(default=2_000, ge=1, description="Runs kept; the oldest idle one makes room")
    max_running: int = Field(default=64, ge=1, description="Runs that may train at once; others wait in a queue")
    max_streams: int = Field(default=500, ge=1, description="Event streams open at once")
    max_runs_per_stream: int = Field(default=16, ge=1, description="Runs that one event stream may watch")
    max_body_bytes: int = Field(default=2_000_000, ge=1_000, description="Largest request body")
    warm_up: bool = Field(default=True, description="Compile the common programs when the server starts")
    unwatched_seconds: float = Field(
        default=30.0, gt=0, description="A page's run pauses this long after its last watcher left"
    )


@cache
def settings() -> Settings:
    """The process's settings, read once."""
    return Settings()
