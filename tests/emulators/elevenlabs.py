"""The emulator of ElevenLabs: text to speech over HTTP, and the three GETs by which a key is tried.

Delays: "elevenlabs.think" before the first piece of sound, "elevenlabs.pace" (seconds of sound made in a second; with 0
all at once), "network" (one way). The fault of a GET is that of the vendor "elevenlabs.account".

The faults of the stream itself are those of `elevenlabs_stream`.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

from aiohttp import web

from tests.emulators.elevenlabs_stream import PIECE, detail, lines, pieces
from tests.emulators.mouth import spoken
from tests.emulators.stage import KEY, Fault, Stage, abort, stall

RATES = {f"pcm_{rate}": rate for rate in (8000, 16000, 22050, 24000, 32000, 44100, 48000)}
MODELS = {"eleven_flash_v2_5": True, "eleven_turbo_v2_5": True, "eleven_v3": True, "eleven_multilingual_v2": False}
"""Whether each takes a language_code."""

VOICES = {"JBFqnCBsd6RMkjVDRZzb": "George", "EXAVITQu4vr4xnSDxMaL": "Sarah", "21m00Tcm4TlvDq8ikWAM": "Rachel"}
FIELDS = {"text", "model_id", "language_code", "voice_settings", "previous_text", "next_text", "seed"}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Refused(Exception):
    """An answer other than 200."""

    def __init__(self, status: int, code: str, text: str = "", **headers: str) -> None:
        self.status, self.code, self.text, self.headers = status, code, text, headers


def routes(stage: Stage) -> list[web.RouteDef]:
    """Its paths."""
    voice = "/elevenlabs/v1/text-to-speech/{voice}/stream"
    models = [{"model_id": name, "name": name, "can_do_text_to_speech": True} for name in MODELS]
    voices = [{"voice_id": key, "name": name} for key, name in VOICES.items()]
    user = {"user_id": "1", "subscription": {"tier": "starter", "character_count": 10, "character_limit": 30_000}}
    return [
        web.post(voice, _answered(stage, _Speaking(stage, times=False))),
        web.post(voice + "/with-timestamps", _answered(stage, _Speaking(stage, times=True))),
        web.get("/elevenlabs/v1/models", _answered(stage, _told(stage, models))),
        web.get("/elevenlabs/v1/user", _answered(stage, _told(stage, user))),
        web.get("/elevenlabs/v1/voices", _answered(stage, _told(stage, {"voices": voices}))),
    ]


def _answered(stage: Stage, handler: Handler) -> Handler:
    """The handler behind a network and the check of the key, with its refusals in the vendor's words."""

    async def answer(request: web.Request) -> web.StreamResponse:
        await stage.delay("network")
        try:
            key = request.headers.get("xi-api-key")
            if key != KEY:
                raise Refused(401, "invalid_api_key" if key else "missing_api_key")
            return await handler(request)
        except Refused as refused:
            await stage.delay("network")
            return _refusal(refused)
        except ConnectionError:  # the client has left
            return web.Response()

    return answer


def _refusal(refused: Refused) -> web.Response:
    if refused.status == 422:
        told: Any = [{"loc": ["body", "text"], "msg": "field required", "type": "value_error.missing"}]
    elif not refused.code:
        return web.Response(status=refused.status, text=refused.text or "Internal Server Error")
    else:
        told = detail(refused.code, refused.text)
    return web.json_response({"detail": told}, status=refused.status, headers=refused.headers)


async def _obey(fault: Fault | None, request: web.Request) -> None:
    """The faults that come before any answer."""
    match fault.kind if fault else "":
        case "refuse":
            assert fault
            raise Refused(fault.status, fault.code, fault.text)
        case "busy":
            assert fault
            after = {"Retry-After": f"{fault.seconds:g}"} if fault.seconds else {}
            raise Refused(429, fault.code or "concurrent_limit_exceeded", **after)
        case "stall_before":
            await stall()
        case "abort" if request.method == "GET":
            abort(request)


def _told(stage: Stage, what: object) -> Handler:
    async def tell(request: web.Request) -> web.StreamResponse:
        stage.note("elevenlabs", "get", path=request.path, port=_port(request))
        await _obey(stage.fault("elevenlabs.account"), request)
        await stage.delay("network")
        return web.json_response(what)

    return tell


def _port(request: web.Request) -> int:
    if request.transport is None:
        raise ConnectionResetError
    return int(request.transport.get_extra_info("peername")[1])


async def _left(request: web.Request) -> None:
    """Returns when the client has closed its connection; aiohttp has no event for this."""
    while request.transport and not request.transport.is_closing():  # noqa: ASYNC110 - see above
        await asyncio.sleep(0.001)


async def _checked(request: web.Request) -> dict[str, Any]:
    """The body of a request for speech. Raises Refused, as the vendor documents it."""
    form = request.query.get("output_format", "mp3_44100_128")
    if form not in RATES or set(request.query) - {"output_format", "enable_logging"}:
        raise Refused(400, "invalid_output_format")
    if RATES[form] >= 44_100:
        raise Refused(403, "subscription_required")
    body = await request.json()
    if set(body) - FIELDS or not isinstance(body.get("text"), str):
        raise Refused(422, "")
    model = body.get("model_id", "eleven_multilingual_v2")
    if model not in MODELS:
        raise Refused(400, "model_not_found")
    if body.get("language_code") and not MODELS[model]:
        raise Refused(400, "unsupported_language")
    if request.match_info["voice"] not in VOICES:
        raise Refused(404, "voice_not_found")
    if not body["text"].strip():
        raise Refused(400, "empty_text")
    if not 0.7 <= (body.get("voice_settings") or {}).get("speed", 1.0) <= 1.2:
        raise Refused(400, "invalid_voice_settings")
    return dict(body)


class _Speaking:
    """One path's requests for speech."""

    def __init__(self, stage: Stage, times: bool) -> None:
        self._stage = stage
        self._times = times

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        body = await _checked(request)
        self._stage.note("elevenlabs", "speak", port=_port(request), voice=request.match_info["voice"], **body)
        speaking = asyncio.ensure_future(self._speak(request, body))
        gone = asyncio.ensure_future(_left(request))
        try:
            await asyncio.wait({speaking, gone}, return_when=asyncio.FIRST_COMPLETED)
            if speaking.done():
                return speaking.result()
            self._stage.note("elevenlabs", "cancelled", text=body["text"])
            return web.Response()
        finally:
            speaking.cancel()
            gone.cancel()
            await asyncio.gather(speaking, gone, return_exceptions=True)

    async def _speak(self, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        fault = self._stage.fault("elevenlabs")
        kind = fault.kind if fault else ""
        await _obey(fault, request)
        rate = RATES[request.query["output_format"]]
        speed = (body.get("voice_settings") or {}).get("speed", 1.0)
        pcm, words = await spoken(body["text"], rate, speed)
        await self._stage.delay("elevenlabs.think")
        await self._stage.delay("network")
        response = web.StreamResponse(headers={"request-id": "r1"})
        response.content_type = "application/json" if self._times else "audio/pcm"
        await response.prepare(request)
        if kind == "stall_after":
            await stall()
        stream = lines(body["text"], pcm, words, rate, kind) if self._times else pieces(pcm, rate, kind)
        async for line in self._in_time(stream, kind):
            if line is None:
                abort(request)
                break
            await response.write(line)
        else:
            await response.write_eof()
            self._stage.note("elevenlabs", "done", text=body["text"])
        return response

    async def _in_time(self, stream: Iterator[bytes | None], kind: str) -> AsyncIterator[bytes | None]:
        pace = self._stage.delays.get("elevenlabs.pace", 0.0)
        for number, line in enumerate(stream):
            if number and kind == "slow_drip":
                await asyncio.sleep(3.0)
            elif number and pace:
                await asyncio.sleep(PIECE / pace)
            yield line
