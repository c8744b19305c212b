"""Deepgram's live sockets through its SDK: what v1 and v2 (Flux) have in common."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final, Literal

from profai_cli.providers import sdk_socket
from profai_cli.providers.limits import Limits
from profai_cli.providers.sdk_socket import Connect, Sdk, Socket, unused_http
from profai_cli.providers.stt.deepgram_errors import Errors
from profai_cli.settings import Access

_SDK: Final = Sdk("Deepgram", "deepgram", "deepgram-sdk")


async def open_socket(
    errors: Errors, access: Access, version: Literal["v1", "v2"], query: Mapping[str, Any], limits: Limits
) -> Socket:
    """Load the SDK, and connect within `Limits.connect`. Raises EngineError."""
    return await sdk_socket.open_socket(partial(_load, access, version), query, errors, limits)


def _load(access: Access, version: str) -> Connect:
    hosts = _SDK.hosts(access.url)
    client, environment = _SDK.load(f"listen.{version}.client")
    chosen = {}
    if hosts:
        base, socket = hosts
        where = {"base": base, "production": socket, "agent": socket, "agent_rest": base}
        chosen = {"environment": environment.DeepgramClientEnvironment(**where)}
    sdk = client.AsyncDeepgramClient(api_key=access.key.reveal(), httpx_client=unused_http(), **chosen)
    connect: Connect = getattr(sdk.listen, version).connect
    return connect
