"""The files of static/, kept in memory as they are and compressed: a page is made of well over a hundred of them."""

import gzip
import mimetypes
import os
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

_LEAST = 500
"""Bytes from which on a file is worth compressing."""
_TEXTS = ("text/", "application/javascript", "application/json", "image/svg")


@dataclass(frozen=True)
class _Asset:
    """One file as it was at a time."""

    stamp: tuple[float, int]
    """When it was last changed, and its size."""
    media_type: str
    plain: bytes
    zipped: bytes | None

    def response(self, *, zips: bool) -> Response:
        """A new one, since others add headers to it."""
        headers = {"ETag": f'"{self.stamp[0]:.6f}-{self.stamp[1]}"', "Vary": "Accept-Encoding"}
        if self.zipped is None or not zips:
            return Response(self.plain, media_type=self.media_type, headers=headers)
        return Response(self.zipped, media_type=self.media_type, headers=headers | {"Content-Encoding": "gzip"})


class Assets(StaticFiles):
    """See the module. A file that has changed is read again."""

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        super().__init__(directory=directory)
        self._known: dict[str, _Asset] = {}

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """The file, or that it is the one which the client has."""
        path, stamp = str(full_path), (stat_result.st_mtime, stat_result.st_size)
        asset = self._known.get(path)
        if asset is None or asset.stamp != stamp:
            asset = self._known[path] = _read(path, stamp)
        wanted = Headers(scope=scope)
        response = asset.response(zips="gzip" in wanted.get("accept-encoding", ""))
        if self.is_not_modified(response.headers, wanted):
            return NotModifiedResponse(response.headers)
        return response


def _read(path: str, stamp: tuple[float, int]) -> _Asset:
    with open(path, "rb") as file:
        content = file.read()
    media_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
    small = len(content) < _LEAST or not media_type.startswith(_TEXTS)
    return _Asset(stamp, media_type, content, None if small else gzip.compress(content))
