"""Settings of a server, read from `NNPLAY_*` environment variables.

Everything an operator may tune is here with its unit; nothing else reads the environment.
"""

from functools import cache
from pathlib import Path

from platformdirs import user_cache_path, user_data_path
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """One server's settings. Sizes are in bytes, times in seconds."""

    model_config = SettingsConfigDict(env_prefix="NNPLAY_", frozen=True)

    data_dir: Path = Field(default_factory=lambda: user_data_path("nn-playground"))
    database_url: str | None = Field(
        default=None, description="postgresql://… or sqlite:///FILE; a file in data_dir if not given"
    )
    cache_dir: Path = Field(default_factory=lambda: user_cache_path("nn-playground"))
    max_runs: int = Field(default=10_000, ge=1, description="Runs kept; the oldest idle one without a name makes room")
    max_idle_awake: int = Field(default=200, ge=0, description="Idle runs that stay in memory; others sleep on disk")
    max_running: int = Field(default=128, ge=1, description="Runs that may train at once; others wait in a queue")
    max_runs_per_visitor: int = Field(default=100, ge=1, description="Runs of one visitor, where there are several")
    max_running_per_visitor: int = Field(default=8, ge=1, description="Of these, such as may train at once")
    compute_seconds: float = Field(
        default=600.0, gt=0, description="Compute time of one visitor, where there are several"
    )
    compute_refill: float = Field(default=0.25, gt=0, description="Seconds of it that come back each second")
    unwatched_compute_seconds: float = Field(
        default=600.0,
        gt=0,
        description="An aimless run of a page pauses after so much compute time unwatched",
    )
    max_memory_bytes: int = Field(
        default=0, ge=0, description="No more runs are made beyond this; 0 is three quarters of what there is"
    )
    max_parameters: int = Field(default=100_000, ge=1, description="Weights and biases of one network")
    max_work: int = Field(
        default=30_000_000_000, ge=1, description="Multiplications of one network that sees all of its samples once"
    )
    max_compiles: int = Field(default=32, ge=1, description="Networks that may wait to be compiled")
    max_compiles_per_visitor: int = Field(default=4, ge=1, description="Of these, such as one visitor waits for")
    max_landscapes_per_visitor: int = Field(
        default=2, ge=1, description="Loss landscapes that are drawn at once for one visitor, where there are several"
    )
    max_sweeps_per_visitor: int = Field(
        default=1, ge=1, description="Sweeps that train at once for one visitor, where there are several"
    )
    max_streams: int = Field(default=500, ge=1, description="Event streams open at once")
    max_streams_per_visitor: int = Field(default=64, ge=1, description="Of these, such as one visitor may have")
    max_runs_per_stream: int = Field(default=16, ge=1, description="Runs that one event stream may watch")
    max_body_bytes: int = Field(default=2_000_000, ge=1_000, description="Largest request body")
    max_upload_bytes: int = Field(
        default=20_000_000, ge=1_000, description="Largest upload: pictures, or the file of a run that is brought back"
    )
    warm_up: bool = Field(
        default=True, description="Compile the common programs when the server starts, in a process that gives way"
    )
    body_seconds: float = Field(default=30.0, gt=0, description="A request's body must have come within this")
    single_user: bool = Field(
        default=False,
        description="Whether everybody is one visitor; `nnplay serve` sets it where it listens to this machine alone",
    )
    allowed_hosts: tuple[str, ...] = Field(
        default=(), description="Names besides localhost by which a server for a single user may be called"
    )
    secret_key: SecretStr | None = Field(
        default=None, min_length=32, description="What visitors' cookies are signed with; made in data_dir if not given"
    )
    requests_per_second: int = Field(
        default=60, ge=1, description="Requests of one visitor, on average over ten seconds"
    )
    new_visitors_per_second: int = Field(
        default=20, ge=1, description="New visitors from one address, on average over ten seconds"
    )
    frame_ancestors: str = Field(
        default="'self'", description="Sites that may show the playground in a frame, as in a content security policy"
    )
    json_log: bool | None = Field(
        default=None,
        description="Whether log lines are JSON; where not given, they are when nobody reads them at a terminal",
    )


@cache
def settings() -> Settings:
    """The process's settings, read once."""
    return Settings()
