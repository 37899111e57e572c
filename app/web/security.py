"""Headers by which browsers protect the page: from scripts that are not its own, from other sites, from being framed.

Scripts are the server's own files and nothing else: no inline script, no eval. Styles may be inline, since templates
and Plotly set sizes and places by style attributes. Pictures of charts are made as blob: and data: addresses.
"""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.settings import Settings

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors {frame_ancestors}"
)
# Snapshots to learn from are taken by the page itself.
_USED_FEATURES = ("camera",)
_UNUSED_FEATURES = ("display-capture", "geolocation", "microphone", "midi", "payment", "serial", "usb")


def security_headers(settings: Settings) -> dict[str, str]:
    """What every answer says to a browser."""
    return {
        "Content-Security-Policy": _POLICY.format(frame_ancestors=settings.frame_ancestors),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": ", ".join(
            (
                *(f"{feature}=(self)" for feature in _USED_FEATURES),
                *(f"{feature}=()" for feature in _UNUSED_FEATURES),
            )
        ),
        # The page's own address holds the whole experiment, which is nobody else's affair.
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }


class SecurityMiddleware:
    """Adds `security_headers` to every answer."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._headers = security_headers(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add to the start of its answer."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        await self._app(scope, receive, with_headers)
