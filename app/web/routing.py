"""The pattern of the route that a request took: what metrics and log lines name in place of an address."""

from starlette.routing import Mount
from starlette.types import Scope

UNKNOWN_ROUTE = "unknown"


def route_pattern(scope: Scope) -> str:
    """The path with each parameter's name in place of its value; a mounted folder's own path."""
    route = scope.get("route")
    if route is None or isinstance(route, Mount):
        return route.path if route else UNKNOWN_ROUTE
    path: str = scope["path"]
    for name, value in scope["path_params"].items():
        path = path.replace(f"/{value}", f"/{{{name}}}")
    return path
