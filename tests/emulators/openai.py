"""The emulator of openai."""

from aiohttp import web

from tests.emulators.stage import Stage


def routes(stage: Stage) -> list[web.RouteDef]:
    """Its paths."""
    return []
