"""The repository's own files, as git sees them: tracked, or new and not ignored."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def own_files(*folders: str) -> list[Path]:
    """Return the repository's files, below the given folders or everywhere, relative to its root and in order."""
    git = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run([*git, "--", *folders], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [path for name in sorted(set(listing.split("\0"))) if name and (ROOT / (path := Path(name))).is_file()]


def text_of(path: Path) -> str:
    """Return the text of a file of the repository, or nothing for a picture or another binary file."""
    content = (ROOT / path).read_bytes()
    return "" if b"\0" in content else content.decode(errors="replace")
