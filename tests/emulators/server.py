"""All emulators in one process. Tests order faults and read the record through `/_stage`."""

from dataclasses import asdict

from aiohttp import web

from tests.emulators import deepgram, elevenlabs, openai, sarvam
from tests.emulators.stage import STAGE, Fault, Stage


def application(stage: Stage) -> web.Application:
    """Every vendor under a path of its own: /deepgram, /elevenlabs, /sarvam, /openai."""
    app = web.Application(client_max_size=64 * 2**20, middlewares=[_counted])
    app[STAGE] = stage
    app.add_routes([web.get("/_stage", _tell), web.post("/_stage", _set)])
    for vendor in (deepgram, elevenlabs, sarvam, openai):
        app.add_routes(vendor.routes(stage))
    return app


@web.middleware
async def _counted(request: web.Request, handler: web.RequestHandler) -> web.StreamResponse:  # type: ignore[type-arg]
    stage = request.app[STAGE]
    stage.open += 1
    try:
        return await handler(request)  # type: ignore[operator, no-any-return]
    finally:
        stage.open -= 1


async def _tell(request: web.Request) -> web.Response:
    stage = request.app[STAGE]
    return web.json_response({"seen": stage.seen, "open": stage.open - 1, "faults": [asdict(f) for f in stage.faults]})


async def _set(request: web.Request) -> web.Response:
    """Replace what the body names: delays, script, replies, faults, seen. "strike" is a fault for the open sockets."""
    stage = request.app[STAGE]
    for name, value in (await request.json()).items():
        if name == "strike":
            stage.strike(Fault(**value))
        else:
            setattr(stage, name, [Fault(**fault) for fault in value] if name == "faults" else value)
    return web.json_response({})
