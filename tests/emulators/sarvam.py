"""The emulator of Sarvam: its two sockets and what `keys check` asks, under /sarvam.

Delays: "network", one way (a handshake takes two ways); "sarvam.think", from the sound or text that causes a message
to the message; "sarvam.chunk", between two pieces of speech; "sarvam.idle", after which a silent client is sent away
(60 s where it is not set).

Faults beside those of every socket (see `line`), `seconds` being seconds of sound heard or sent: "refuse" with `status`
400, 403, 422, 429, 500 or 503 and a `code`; "busy"; "stall_before"; "error" (a message with `code` and `text`, the
last one); "quota" (the same about credits, and close 1003); "no_final"; and of speech "no_audio" (a final event alone),
"null_audio", "empty_audio", "odd" (chunks that break samples), "stall" (nothing more after `seconds`).
"""

import uuid
from typing import Final

from aiohttp import web

from tests.emulators.line import Line, left
from tests.emulators.sarvam_query import wrong
from tests.emulators.sarvam_stt import Listening
from tests.emulators.sarvam_tts import Speaking
from tests.emulators.stage import KEY, Fault, Stage

_REFUSALS: Final = {
    400: ("invalid_request_error", "Invalid request."),
    403: ("invalid_api_key_error", "Authentication failed. Invalid API key."),
    422: ("unprocessable_entity_error", "The request cannot be processed."),
    429: ("rate_limit_exceeded_error", "Too many requests. Please try again later."),
    500: ("internal_server_error", "Internal server error."),
    503: ("service_unavailable_error", "The service is overloaded."),
}
_JUNK: Final = ("this is no JSON", '{"type": "data"}', '{"type": "weather", "data": {"degrees": 21}}', "[1, 2]")


def routes(stage: Stage) -> list[web.RouteDef]:
    """Its paths."""

    async def listen(request: web.Request) -> web.StreamResponse:
        return await _connected(request, stage, Listening)

    async def speak(request: web.Request) -> web.StreamResponse:
        return await _connected(request, stage, Speaking)

    async def language(request: web.Request) -> web.StreamResponse:
        answer = {"request_id": str(uuid.uuid4()), "language_code": "en-IN", "script_code": "Latn"}
        return await _refused(request, stage, stage.fault("sarvam")) or web.json_response(answer)

    return [
        web.get("/sarvam/speech-to-text/ws", listen),
        web.get("/sarvam/text-to-speech/ws", speak),
        web.post("/sarvam/text-lid", language),
    ]


async def _connected(
    request: web.Request, stage: Stage, server: type[Listening] | type[Speaking]
) -> web.StreamResponse:
    headers = {name: value for name, value in request.headers.items() if name.lower() != "api-subscription-key"}
    stage.note("sarvam", "connect", path=request.path, query=dict(request.query), headers=headers)
    fault = stage.fault("sarvam")
    refused = await _refused(request, stage, fault)
    if refused is not None:
        return refused
    fail = wrong(request.query, server.known)
    if fail:
        return _refusal(400, text=fail)
    line = Line(request, stage, "sarvam", fault, _JUNK)
    return await line.run(server(stage, line, request.query).serve)


async def _refused(request: web.Request, stage: Stage, fault: Fault | None) -> web.Response | None:
    """What is wrong before the handshake, if anything; its time goes by."""
    await stage.delay("network")
    await stage.delay("network")
    if request.headers.get("api-subscription-key") != KEY:
        return _refusal(403)
    if fault is None:
        return None
    if fault.kind == "stall_before":
        await left(request)
        return web.Response()
    if fault.kind == "busy":
        return _refusal(429, fault.code, fault.text, {"Retry-After": f"{fault.seconds:.0f}"})
    return _refusal(fault.status or 403, fault.code, fault.text) if fault.kind == "refuse" else None


def _refusal(status: int, code: str = "", text: str = "", headers: dict[str, str] | None = None) -> web.Response:
    usual_code, usual_text = _REFUSALS[status]
    error = {"message": text or usual_text, "code": code or usual_code, "request_id": str(uuid.uuid4())}
    return web.json_response({"error": error}, status=status, headers=headers)
