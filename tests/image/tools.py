"""Builds and runs images with buildah and podman, in a storage of its own that leaves nothing behind."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOOLS = ("buildah", "debootstrap", "podman", "runc")
# What stands in for the base that the Dockerfile names: the Debian that has the same Python, as slim as that one is.
DEBIAN = "trixie"
DEBIAN_PACKAGES = "python3,python3-venv,ca-certificates"
NOT_SLIM = ("usr/share/doc", "usr/share/info", "usr/share/locale", "usr/share/man")
NOT_SLIM_INSIDE = ("dev", "var/cache/apt", "var/lib/apt/lists")
LOCAL_BASE = "localhost/base"
# A proxy's certificate may be there, without which nothing can be fetched.
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


class Failed(Exception):
    """A command failed."""


class Containers:
    """Images and containers in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        storage = folder / "storage.conf"
        storage.write_text(f'[storage]\ndriver = "overlay"\ngraphroot = "{folder}/graph"\nrunroot = "{folder}/run"\n')
        self._environment = {**os.environ, "CONTAINERS_STORAGE_CONF": str(storage), "TMPDIR": str(folder)}

    def base(self) -> str:
        """The image that the Dockerfile builds on, or one like it from Debian's packages where that is out of reach."""
        name = re.findall(r"^ARG BASE_IMAGE=(\S+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)[0]
        try:
            self.podman("pull", "--quiet", name)
        except Failed:
            self._bootstrap()
            return LOCAL_BASE
        return name

    def _bootstrap(self) -> None:
        tree, archive = self._folder / "tree", self._folder / "tree.tar"
        mirror = self._run("apt-get", "indextargets", "--format", "$(SITE)", "Created-By: Packages").split()[0]
        self._run("debootstrap", "--variant=minbase", f"--include={DEBIAN_PACKAGES}", DEBIAN, str(tree), mirror)
        excluded = [*NOT_SLIM, *(f"{path}/*" for path in NOT_SLIM_INSIDE)]
        self._run("tar", "-C", str(tree), *(f"--exclude=./{path}" for path in excluded), "-cf", str(archive), ".")
        self.podman("import", "--quiet", str(archive), LOCAL_BASE)
        shutil.rmtree(tree)
        archive.unlink()

    def build(self, base: str, name: str) -> None:
        """Builds the Dockerfile on `base`."""
        mounts = ["--volume", f"{CERTIFICATES}:{CERTIFICATES}:ro"] if CERTIFICATES.exists() else []
        arguments = ["--isolation", "chroot", "--format", "docker", "--build-arg", f"BASE_IMAGE={base}", *mounts]
        self._run("buildah", "build", "--quiet", *arguments, "--tag", name, str(ROOT))

    def bytes(self, image: str) -> int:
        """An image's size."""
        return int(self.podman("image", "inspect", "--format", "{{.Size}}", image))

    def packed_bytes(self, image: str) -> int:
        """What a registry would send."""
        return int(self._run("sh", "-c", f"podman save --quiet {image} | gzip | wc -c"))

    def podman(self, *arguments: str) -> str:
        """What podman printed. Raises Failed."""
        return self._run("podman", "--runtime", "runc", *arguments)

    def succeeds(self, *arguments: str) -> bool:
        """Whether podman ends with status 0."""
        try:
            self.podman(*arguments)
        except Failed:
            return False
        return True

    def remove(self) -> None:
        """Ends and removes every container and image, so that the folder can be removed."""
        self.podman("rm", "--all", "--force", "--time", "0", "--volumes")
        mounts = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
        for mount in sorted((path for path in mounts if Path(path).is_relative_to(self._folder)), reverse=True):
            self._run("umount", mount)

    def _run(self, *command: str) -> str:
        done = subprocess.run(command, env=self._environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Failed(f"{' '.join(command[:4])} … ended with status {done.returncode}:\n{done.stderr[-3000:]}")
        return done.stdout.strip()


@contextmanager
def containers() -> Generator[Containers]:
    """Containers in a temporary folder, which is removed with all that they hold. Raises Failed."""
    _install([tool for tool in TOOLS if not shutil.which(tool)])
    with tempfile.TemporaryDirectory(prefix="nnplay-image-") as folder:
        made = Containers(Path(folder))
        try:
            yield made
        finally:
            made.remove()


def _install(tools: Sequence[str]) -> None:
    if os.geteuid() != 0:
        raise Failed("Trying the image takes root, who may mount and may install what is missing.")
    if tools:
        print(f"Installing {', '.join(tools)} ...", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update"], ["install", "--yes", "--no-install-recommends", *tools]):
            subprocess.run(["apt-get", "-qq", *command], env=environment, stdout=subprocess.DEVNULL, check=True)
