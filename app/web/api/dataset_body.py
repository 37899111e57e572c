"""What an uploaded dataset may be sent as: a table as CSV, pictures as a zip, as files of a form, or as JSON.

Which of them it is is told by the media type and the names of files; what the content means is app.data's affair.
"""

from functools import partial
from http import HTTPStatus

from anyio import CapacityLimiter, to_thread
from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from app.data.pictures.archive import PictureArchive
from app.data.pictures.uploads import MOST_SNAPSHOTS, SUFFIXES, from_files, from_snapshots, from_zip
from app.data.table import Table, parse_csv
from app.errors import InvalidInput, TooLarge
from app.schemas.document import parse
from app.web.api.dataset_documents import PictureUpload
from app.web.api.describe import JSON
from app.web.body import MULTIPART, FormFile, files_of, media_type, read, text_of
from app.web.state import State

CSV = "text/csv"
ZIP = "application/zip"
_ZIPS = (ZIP, "application/x-zip-compressed", "application/x-zip")
# What curl's --data-binary, spreadsheets and fetch call a CSV file; the last one curl says where it is told nothing.
_CSVS = ("", CSV, "text/plain", "application/csv", "application/vnd.ms-excel", "application/octet-stream")
_BY_ACCIDENT = "application/x-www-form-urlencoded"
_ACCEPTED = "Send CSV as text/csv, pictures as application/zip or as JSON, or any of their files by a form."

# One upload of pictures takes some hundred megabytes while it is read.
_READ_AT_ONCE = CapacityLimiter(2)
# Brackets, braces and commas: a document of so many snapshots has some for each, and one of more takes memory to read.
_MOST_MARKS = 20 * MOST_SNAPSHOTS


async def uploaded(request: Request, parts: State) -> Table | PictureArchive:
    """The dataset that a request brings. Raises InvalidInput, MalformedInput and TooLarge; answers 415."""
    media = media_type(request)
    if media in (*_CSVS, _BY_ACCIDENT):
        return await run_in_threadpool(_table, await read(request, parts.limit), parts.limit)
    body = await read(request, max(parts.limit, parts.settings.max_upload_bytes))
    if media in _ZIPS:
        return await _pictures(partial(from_zip, body))
    if media == JSON:
        return await _pictures(partial(_snapshots, body))
    if media != MULTIPART:
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, _ACCEPTED)
    files = await files_of(request, body)
    if _is_zip(files[0]):
        return await _pictures(partial(from_zip, files[0].content))
    if any(file.name.lower().endswith(SUFFIXES) for file in files):
        return await _pictures(partial(from_files, [(_in_folder(file), file.content) for file in files]))
    return await run_in_threadpool(_table, files[0].content, parts.limit)


async def _pictures(read_them: "partial[PictureArchive]") -> PictureArchive:
    return await to_thread.run_sync(read_them, limiter=_READ_AT_ONCE)


def _table(content: bytes, limit: int) -> Table:
    if len(content) > limit:
        raise TooLarge(f"The table has more than the {limit:,} bytes that this server accepts.")
    return parse_csv(text_of(content))


def _snapshots(body: bytes) -> PictureArchive:
    if sum(body.count(mark) for mark in (b"[", b"{", b",")) > _MOST_MARKS:
        raise InvalidInput.at("pictures", f"at most {MOST_SNAPSHOTS:,} pictures are taken at once")
    pictures = parse(PictureUpload, body).pictures
    return from_snapshots([(picture.label, picture.data) for picture in pictures])


def _is_zip(file: FormFile) -> bool:
    return file.name.lower().endswith(".zip") or file.content.startswith(b"PK\x03\x04")


def _in_folder(file: FormFile) -> str:
    """A file's name with its class: one that lies in no folder is of the class that its field is called."""
    return file.name if "/" in file.name.replace("\\", "/") else f"{file.field}/{file.name}"
