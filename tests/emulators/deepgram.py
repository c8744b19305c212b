"""The emulator of Deepgram: its live sockets and what `keys check` asks, under /deepgram.

Delays: "network", one way (a handshake takes two ways); "deepgram.think", from the sound that causes a message to the
message; "deepgram.idle", after which a silent client is sent away (10 s where it is not set).

Faults beside those of every socket (see `line`): "refuse" with `status` 400, 401, 402, 403, 500 or 503; "busy";
"stall_before"; "no_final": no Finalize is answered, and no final result is given. `seconds` are seconds of sound, so
that a fault comes at the same word whatever the speed.
"""

import uuid
from typing import Any, Final

from aiohttp import web

from tests.emulators import deepgram_query
from tests.emulators.deepgram_flux import Flux
from tests.emulators.deepgram_nova import Nova
from tests.emulators.line import Line, left
from tests.emulators.stage import KEY, Fault, Stage

_REFUSALS: Final = {
    400: ("INVALID_QUERY_PARAMETER", "Invalid query string."),
    401: ("INVALID_AUTH", "Invalid credentials."),
    402: ("ASR_PAYMENT_REQUIRED", "Project does not have enough credits for an ASR request."),
    403: ("INSUFFICIENT_PERMISSIONS", "Project does not have access to the requested model."),
    429: ("TOO_MANY_REQUESTS", "Too many requests. Please try again later."),
    500: ("INTERNAL_SERVER_ERROR", "Internal server error."),
    503: ("SERVICE_UNAVAILABLE", "The service is unavailable."),
}
_JUNK: Final = (
    '{"type": "Results", "channel_index": [0, 1], "duration": 1, "start": 0, "is_final": true, "speech_final": true}',
    '{"type": "Results", "channel": {"alternatives": []}}',
    '{"type": "TurnInfo", "event": "EndOfTurn"}',
    "this is no JSON",
    '{"type": "Weather", "degrees": 21}',
)


def routes(stage: Stage) -> list[web.RouteDef]:
    """Its paths."""

    async def nova(request: web.Request) -> web.StreamResponse:
        return await _listen(request, stage, flux=False)

    async def flux(request: web.Request) -> web.StreamResponse:
        return await _listen(request, stage, flux=True)

    async def token(request: web.Request) -> web.StreamResponse:
        answer = {"api_key_id": str(uuid.uuid4()), "scopes": ["usage:write"], "created": "2026-01-01T00:00:00Z"}
        return await _refused(request, stage, stage.fault("deepgram")) or web.json_response(answer)

    async def projects(request: web.Request) -> web.StreamResponse:
        answer = {"projects": [{"project_id": str(uuid.uuid4()), "name": "emulated"}]}
        return await _refused(request, stage, stage.fault("deepgram")) or web.json_response(answer)

    return [
        web.get("/deepgram/v1/listen", nova),
        web.get("/deepgram/v2/listen", flux),
        web.get("/deepgram/v1/auth/token", token),
        web.get("/deepgram/v1/projects", projects),
    ]


async def _listen(request: web.Request, stage: Stage, flux: bool) -> web.StreamResponse:
    names = dict.fromkeys(request.query)
    query = {name: v[0] if len(v := request.query.getall(name)) == 1 else v for name in names}
    headers = {name: value for name, value in request.headers.items() if name != "Authorization"}
    stage.note("deepgram", "connect", path=request.path, query=query, headers=headers)
    fault = stage.fault("deepgram")
    refused = await _refused(request, stage, fault)
    if refused is not None:
        return refused
    fail = deepgram_query.wrong(request.query, flux)
    if fail:
        return _refusal(400, text=f"Failed to deserialize query parameters: {fail}")
    line = Line(request, stage, "deepgram", fault, _JUNK)
    return await line.run((Flux if flux else Nova)(stage, line, request.query, str(uuid.uuid4())).serve)


async def _refused(request: web.Request, stage: Stage, fault: Fault | None) -> web.Response | None:
    """What is wrong before the handshake, if anything; half of its time goes by."""
    await stage.delay("network")
    await stage.delay("network")
    if request.headers.get("Authorization") not in (f"Token {KEY}", f"Bearer {KEY}", f"token {KEY}", f"bearer {KEY}"):
        return _refusal(401)
    if fault is None:
        return None
    if fault.kind == "stall_before":
        await left(request)
        return web.Response()
    if fault.kind == "busy":
        return _refusal(429, fault.code, fault.text, {"Retry-After": f"{fault.seconds:.0f}"})
    return _refusal(fault.status or 401, fault.code, fault.text) if fault.kind == "refuse" else None


def _refusal(status: int, code: str = "", text: str = "", headers: dict[str, str] | None = None) -> web.Response:
    usual_code, usual_text = _REFUSALS[status]
    request_id = str(uuid.uuid4())
    body: dict[str, Any] = {"err_code": code or usual_code, "err_msg": text or usual_text, "request_id": request_id}
    heads = {"dg-error": body["err_msg"], "dg-request-id": request_id, **(headers or {})}
    return web.json_response(body, status=status, headers=heads)
