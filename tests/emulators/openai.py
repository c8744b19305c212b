"""The emulator of OpenAI, and of all that are compatible with it: Groq as well, and under /v1, without a key, Ollama.

Delays: "openai.think" before the first token, "openai.token" between tokens, "network" (one way). It answers with
`Stage.replies`, else with the first two sentences of the first passage in the prompt; answers to a check question it
judges by their words, and a topic it tells in its own words, with "Listen" before each sentence. What it translates
begins with `HINDI` instead, which it takes away from a question. Every request, GET /models too, uses up a fault.
Beside those of `Fault` there are "malformed" (nonsense among good lines), "garbage" (nothing but nonsense),
"no_answer", "error_in_band" (with `code`), "slow_drip", "html" and "redirect" (to `text`); "abort" and "error_in_band"
come in the midst of the answer.
"""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from aiohttp import web

from tests.emulators.stage import KEY, Fault, Stage, abort, stall

MODELS = ("text-embedding-3-small", "gpt-6-luna", "openai/gpt-oss-120b")
LOCAL_MODELS = ("nomic-embed-text:latest", "llama3.2:3b")
FIELDS = frozenset(
    [
        "model",
        "messages",
        "stream",
        "stream_options",
        "temperature",
        "top_p",
        "n",
        "stop",
        "seed",
        "user",
        "max_tokens",
        "max_completion_tokens",
        "presence_penalty",
        "frequency_penalty",
        "logit_bias",
        "logprobs",
        "top_logprobs",
        "response_format",
        "tools",
        "tool_choice",
        "metadata",
        "store",
        "parallel_tool_calls",
        "reasoning_effort",
        "service_tier",
        "verbosity",
        "prompt_cache_key",
        "safety_identifier",
    ]
)
ROLES = frozenset(("system", "developer", "user", "assistant", "tool"))
NOT_COVERED = "This course does not cover that. Ask me about something else."
HINDI = "\u0938\u0941\u0928\u094b: "
"""Listen, in Hindi."""

DROPS = 3.0
"""Seconds between the tokens of a slow drip."""

NONSENSE = (
    b"data: {\n\n",
    b"data: [1, 2]\n\n",
    b"\xff\xfe\n",
    b'data: {"choices": 7}\n\n',
    b"data: null\n\n",
    b"<html>\n",
)
CODES = {
    400: "invalid_request_error", 401: "invalid_api_key", 403: "unsupported_country_region_territory",
    404: "model_not_found", 429: "rate_limit_exceeded", 500: "server_error", 503: "overloaded",
}  # fmt: skip

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Refused(Exception):
    """An answer other than 200."""

    def __init__(self, status: int, message: str = "", code: str = "", **headers: str) -> None:
        self.status, self.message, self.code, self.headers = status, message, code or CODES.get(status, ""), headers


def routes(stage: Stage) -> list[web.RouteDef]:
    """Its paths."""
    found = []
    for path, models in (("/openai/v1", MODELS), ("/v1", LOCAL_MODELS)):
        vendor = _Vendor(stage, models, keyed=path == "/openai/v1")
        found.append(web.get(f"{path}/models", vendor.answered(vendor.list_models)))
        found.append(web.post(f"{path}/chat/completions", vendor.answered(vendor.chat)))
    return found


class _Vendor:
    def __init__(self, stage: Stage, models: tuple[str, ...], keyed: bool) -> None:
        self._stage, self._models, self._keyed = stage, models, keyed

    def answered(self, handler: Callable[[web.Request, Fault | None], Awaitable[web.StreamResponse]]) -> Handler:
        """The handler behind a network and the check of the key, given up as soon as the other side leaves."""

        async def answer(request: web.Request) -> web.StreamResponse:
            working = asyncio.ensure_future(self._served(request, handler))
            gone = asyncio.ensure_future(_gone(request))
            try:
                await asyncio.wait({working, gone}, return_when=asyncio.FIRST_COMPLETED)
                if working.done() and not isinstance(working.exception(), ConnectionError):
                    return working.result()
                self._stage.note("openai", "cancelled", path=request.path)
                return web.Response()
            finally:
                working.cancel()
                gone.cancel()

        return answer

    async def _served(
        self, request: web.Request, handler: Callable[[web.Request, Fault | None], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        await self._stage.delay("network")
        try:
            self._check_key(request)
            fault = self._stage.fault("openai")
            if fault and (answer := await _early(fault, request)):
                return answer
            return await handler(request, fault)
        except Refused as refused:
            await self._stage.delay("network")
            return web.json_response(_error(refused), status=refused.status, headers=refused.headers)

    def _check_key(self, request: web.Request) -> None:
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if self._keyed and (scheme != "Bearer" or not key):
            raise Refused(401, "You didn't provide an API key.", "missing_api_key")
        if self._keyed and key != KEY:
            masked = f"{key[:4]}****{key[-4:]}"
            raise Refused(
                401, f"Incorrect API key provided: {masked}. You can find yours at https://platform.openai.com."
            )

    async def list_models(self, request: web.Request, fault: Fault | None) -> web.StreamResponse:
        """GET /models."""
        self._stage.note("openai", "models", port=_port(request))
        await self._stage.delay("network")
        if fault and fault.kind in ("malformed", "garbage"):
            return web.Response(body=b"".join(NONSENSE), content_type="application/json")
        return web.json_response({"object": "list", "data": [{"id": name, "object": "model"} for name in self._models]})

    async def chat(self, request: web.Request, fault: Fault | None) -> web.StreamResponse:
        """POST /chat/completions."""
        body = await _body(request)
        self._check(body)
        self._stage.note("openai", "ask", port=_port(request), **body)
        text = self._stage.replies.pop(0) if self._stage.replies else _composed(body["messages"][-1]["content"])
        await self._stage.delay("network")  # of the answer: what follows keeps its distances
        if not body.get("stream"):
            await self._stage.delay("openai.think")
            message = {"role": "assistant", "content": text}
            return web.json_response(_chunk(body, {"message": message, "finish_reason": "stop"}))
        response = web.StreamResponse()
        response.content_type = "text/event-stream"
        await response.prepare(request)
        if fault and fault.kind == "stall_after":
            await stall()
        sent: list[tuple[float, str]] = []
        async for data, token in self._stream(body, text, fault):
            if data is None:
                abort(request)
                return response
            await response.write(data)
            if token:
                sent.append((time.monotonic(), token))
        await response.write_eof()
        self._stage.note("openai", "done", sent=sent)
        return response

    def _check(self, body: dict[str, Any]) -> None:
        if unknown := sorted(set(body) - FIELDS):
            raise Refused(400, f"Unrecognized request argument supplied: {unknown[0]}")
        messages = body.get("messages")
        if not isinstance(messages, list) or not messages:
            raise Refused(400, "Missing required parameter: 'messages'.")
        for message in messages:
            if (
                not isinstance(message, dict)
                or message.get("role") not in ROLES
                or not isinstance(message.get("content"), str)
            ):
                raise Refused(400, "Invalid value in 'messages'.")
        if body.get("model") not in self._models:
            raise Refused(404, f"The model `{body.get('model')}` does not exist or you do not have access to it.")

    async def _stream(
        self, body: dict[str, Any], text: str, fault: Fault | None
    ) -> AsyncIterator[tuple[bytes | None, str]]:
        """The lines of the answer and the token in each; None stands for the network's end."""
        kind = fault.kind if fault else ""
        if kind == "no_answer":
            yield b"data: [DONE]\n\n", ""
            return
        yield b": keep-alive\n\n", ""
        yield _line(_chunk(body, {"delta": {"role": "assistant", "content": ""}, "finish_reason": None})), ""
        await self._stage.delay("openai.think")
        tokens = re.findall(r"\s*\S{1,6}|\s+", text)
        for number, token in enumerate(tokens):
            if number:
                await asyncio.sleep(DROPS if kind == "slow_drip" else self._stage.delays.get("openai.token", 0.0))
            if kind in ("malformed", "garbage"):
                yield NONSENSE[number % len(NONSENSE)], ""
            if number == len(tokens) // 2 and kind == "abort":
                yield None, ""
            if number == len(tokens) // 2 and kind == "error_in_band":
                assert fault
                yield _line(_error(Refused(fault.status, fault.text, fault.code or "server_error"))), ""
                return
            if kind != "garbage":
                yield _line(_chunk(body, {"delta": {"content": token}, "finish_reason": None})), token
        if kind == "garbage":
            return
        yield _line(_chunk(body, {"delta": {}, "finish_reason": "stop"})), ""
        if (body.get("stream_options") or {}).get("include_usage"):
            yield _line({**_chunk(body), "usage": {"completion_tokens": len(tokens)}}), ""
        yield b"data: [DONE]\n\n", ""


async def _early(fault: Fault, request: web.Request) -> web.Response | None:
    """The faults that come instead of any answer."""
    match fault.kind:
        case "refuse":
            raise Refused(fault.status or 401, fault.text or f"This is {fault.status}.", fault.code)
        case "busy":
            after = {"Retry-After": f"{fault.seconds:g}"} if fault.seconds else {}
            raise Refused(429, "Rate limit reached.", **after)
        case "stall_before":
            await stall()
        case "html":
            return web.Response(status=fault.status or 200, text="<html>Please log in</html>", content_type="text/html")
        case "redirect":
            return web.Response(status=307, headers={"Location": fault.text})
        case "abort" if request.method == "GET":
            abort(request)
    return None


async def _body(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Refused(400, "We could not parse the JSON body of your request.")
    return body


def _composed(prompt: str) -> str:
    if "<said>" in prompt:
        return _judged(*(re.findall(rf"<{tag}>(.*?)</{tag}>", prompt, re.DOTALL)[0] for tag in ("answer", "said")))
    if "<sentence " in prompt:
        return _told(prompt)
    if question := re.fullmatch(r"<question>(.*)</question>", prompt):
        return question[1].removeprefix(HINDI)
    passage = re.search(r"<passage>(.*?)</passage>", prompt, re.DOTALL)
    return " ".join(re.split(r"(?<=[.!?])\s+", passage[1])[1:3]) if passage else NOT_COVERED  # after the topic's title


def _told(prompt: str) -> str:
    listen = HINDI if "<terms>" in prompt else "Listen: "
    sentences = re.findall(r"<sentence number=(\d+)( code)?>(.*?)</sentence>", prompt, re.DOTALL)
    lines = [f"{number}|{'' if code else f' {listen}{text}'}" for number, code, text in sentences]
    asked = re.findall(r"<check number=(\d+)>(.*?)</check>", prompt, re.DOTALL)
    return "\n".join([*lines, "| And you?", *(f"?{number}| {listen}{text}" for number, text in asked), ""])


def _judged(answer: str, said: str) -> str:
    wanted, words = (set(re.findall(r"\w+", text.casefold())) for text in (answer, said))
    return f"RIGHT\nYes, you know it. {answer}" if 2 * len(wanted & words) >= len(wanted) else f"WRONG\nNo. {answer}"


def _chunk(body: dict[str, Any], *choices: dict[str, Any]) -> dict[str, Any]:
    kind = "chat.completion.chunk" if body.get("stream") else "chat.completion"
    numbered = [{"index": n, **choice} for n, choice in enumerate(choices)]
    return {"id": "chatcmpl-1", "object": kind, "created": 1, "model": body["model"], "choices": numbered}


def _line(value: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(value).encode() + b"\n\n"


def _error(refused: Refused) -> dict[str, Any]:
    kind = "insufficient_quota" if refused.code == "insufficient_quota" else "invalid_request_error"
    return {"error": {"message": refused.message, "type": kind, "param": None, "code": refused.code}}


async def _gone(request: web.Request) -> None:
    """Return within 1 ms when the other side has left, so that tests can measure it."""
    while request.transport and not request.transport.is_closing():  # noqa: ASYNC110 - aiohttp tells of it by no event
        await asyncio.sleep(0.001)


def _port(request: web.Request) -> int:
    assert request.transport
    return int(request.transport.get_extra_info("peername")[1])
