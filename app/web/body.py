"""Request bodies: read with a limit, never by the framework, so that every bad one gets the documented answer.

What the text means is app.schemas' and app.data's affair.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from pydantic import JsonValue
from pydantic_core import from_json
from starlette.datastructures import Headers, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser

from app.errors import FieldError, InvalidInput, MalformedInput, TooLarge
from app.web.state import of

# An oversized body is read to its end within these bounds, so that its sender gets to see the answer.
DRAIN_BYTES = 200_000_000
DRAIN_SECONDS = 30.0

# What curl, fetch and others send when nobody has told them that it is JSON is taken as JSON, too.
_UNDECLARED = ("", "application/x-www-form-urlencoded", "text/plain")
MULTIPART = "multipart/form-data"

# Checking a document holds everything else up. The longest that makes sense has 10,000 points to predict.
MOST_JSON_BYTES = 500_000
# Where a form is longer than this, other requests need not wait until it is taken apart.
_LONG_FORM = 20_000
_MOST_FIELDS = 12_000
_MOST_FILES = 6_000


async def read(request: Request, limit: int) -> bytes:
    """The whole body. Raises TooLarge where it has more than `limit` bytes, after draining it within bounds.

    Answers 408 where it takes longer than the settings allow.
    """
    declared = request.headers.get("content-length", "0")
    body = bytearray()
    stream = request.stream()
    if not declared.isdigit() or int(declared) <= limit:
        seconds = of(request.app).settings.body_seconds
        try:
            async with asyncio.timeout(seconds):
                async for chunk in stream:
                    body += chunk
                    if len(body) > limit:
                        break
                else:
                    return bytes(body)
        except TimeoutError:
            told = f"The body did not come within {seconds:g} seconds."
            # What may still come of it must not be taken for the next request.
            raise HTTPException(HTTPStatus.REQUEST_TIMEOUT, told, {"Connection": "close"}) from None
    await _drain(stream, len(body))
    raise TooLarge(f"The body has more than the {limit:,} bytes that this server accepts.")


async def read_json(request: Request, limit: int) -> bytes:
    """The body of a request that says, or does not deny, that it holds JSON. Raises TooLarge; answers 415."""
    body = await read(request, min(limit, MOST_JSON_BYTES))
    media = media_type(request)
    if media in _UNDECLARED or media == "application/json" or (media.startswith("application/") and "+json" in media):
        return body
    raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Send JSON, as application/json, instead of {media}.")


def json_object(text: bytes) -> dict[str, JsonValue]:
    """The JSON object that `text` holds, for those who merge it before it is checked.

    Raises MalformedInput where it is not JSON or nested too deeply, InvalidInput where it is no object.
    """
    try:
        value: JsonValue = from_json(text, allow_inf_nan=True)
    except ValueError as error:
        raise MalformedInput(f"This is not valid JSON: {error}.") from None
    if not isinstance(value, dict):
        raise InvalidInput("The body must be a JSON object.", (FieldError("", "must be an object"),))
    return value


async def read_form(request: Request, limit: int) -> list[tuple[str, str]]:
    """The fields of an urlencoded form. Raises InvalidInput and TooLarge."""
    body = await read(request, limit)
    if len(body) > _LONG_FORM:
        return await run_in_threadpool(_fields, body)
    return _fields(body)


def _fields(form: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(form.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        message = f"must be UTF-8 text of at most {_MOST_FIELDS:,} fields"
        raise InvalidInput("The form cannot be read.", (FieldError("", message),)) from None


async def read_upload(request: Request, limit: int) -> str:
    """The text of an uploaded file: the whole body, or the first file of a form. Raises TooLarge and MalformedInput."""
    body = await read(request, limit)
    if media_type(request) == MULTIPART:
        body = (await files_of(request, body))[0].content
    return text_of(body)


def text_of(content: bytes) -> str:
    """The text of a file. Raises MalformedInput."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"byte {error.start + 1} is not UTF-8 text"
        raise MalformedInput(f"This is not a text file: {message}.", (FieldError("", message),)) from None


@dataclass(frozen=True)
class FormFile:
    """A file of a form."""

    field: str
    name: str
    content: bytes


async def files_of(request: Request, body: bytes) -> list[FormFile]:
    """The files of a form, of which there is one at least, in its order. Raises InvalidInput and MalformedInput."""
    if len(body) > _LONG_FORM:
        return await run_in_threadpool(lambda: asyncio.run(_files(request.headers, body)))
    return await _files(request.headers, body)


async def _files(headers: Headers, body: bytes) -> list[FormFile]:
    async def chunks() -> AsyncGenerator[bytes]:
        yield body
        yield b""

    try:
        form = await MultiPartParser(headers, chunks(), max_files=_MOST_FILES).parse()
    except (MultiPartException, KeyError) as error:
        raise MalformedInput(f"The form cannot be read: {error}.") from None
    try:
        files = [
            FormFile(field, value.filename or "", await value.read())
            for field, value in form.multi_items()
            if isinstance(value, UploadFile)
        ]
    finally:
        await form.close()
    if not files:
        raise InvalidInput("The form has no file.", (FieldError("file", "must be a file"),))
    return files


async def _drain(stream: AsyncIterator[bytes], size: int) -> None:
    try:
        async with asyncio.timeout(DRAIN_SECONDS):
            async for chunk in stream:
                size += len(chunk)
                if size > DRAIN_BYTES:
                    return
    except TimeoutError:
        return


def media_type(request: Request) -> str:
    """What the body is said to hold, without parameters; empty where nothing is said."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()
