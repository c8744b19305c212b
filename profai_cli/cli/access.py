"""Keys and addresses of cloud engines for the commands that use them: joins the vendors to what is stored."""

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from ipaddress import ip_address, ip_network
from pathlib import Path
from threading import Thread
from typing import Any, Final, NamedTuple, TypeVar
from urllib.parse import urlsplit

import click

from profai_cli.errors import InputError
from profai_cli.providers.vendors import Vendor
from profai_cli.settings import Access, Key
from profai_cli.storage.folders import data_folder
from profai_cli.storage.keys import Keys, Where

T = TypeVar("T")

ENV_FILE: Final = "PROFAI_ENV_FILE"

_KEYLESS: Final = frozenset(("openai",))
"""Vendors whose protocol is spoken by servers of one's own, which take no key."""

_NEAR: Final = tuple(
    map(ip_network, ("127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"))
)
"""This machine, and networks that the Internet does not reach (RFC 1918, RFC 4193)."""

env_file = click.option(
    "--env-file",
    envvar=ENV_FILE,
    type=click.Path(path_type=Path),
    help=f"Read keys and addresses from this .env file as well; {ENV_FILE} does the same.",
)


class Granted(NamedTuple):
    """How a vendor is reached, and where its key is from."""

    access: Access
    where: Where


def open_keys(env_file: Path | None = None) -> Keys:
    """The keys of this user. Raises StorageError where the data folder cannot be had."""
    return Keys(os.environ, env_file.expanduser() if env_file else None, data_folder() / "keys")


def granted(keys: Keys, vendor: Vendor) -> Granted | None:
    """Access to a vendor; None without a key. May wait for a keyring, as `Keys.find` does. Raises as it does."""
    found = keys.find(vendor.key_variable, vendor.name)
    return Granted(Access(found.key, address(keys, vendor)), found.where) if found else None


def reach(keys: Keys, vendor: Vendor) -> Access | None:
    """As `granted`, and without a key where the user named a server of his own that needs none."""
    if found := granted(keys, vendor):
        return found.access
    url = address(keys, vendor) if vendor.name in _KEYLESS else ""
    return Access(Key(""), url) if url else None


def address(keys: Keys, vendor: Vendor) -> str:
    """The base URL that the user chose, "" for the vendor's own. Raises InputError, which does not repeat it."""
    url = keys.setting(vendor.url_variable).rstrip("/")
    if url and not url.startswith(("http://", "https://")):
        raise InputError(f"{vendor.url_variable} must begin with http:// or https://, such as {vendor.url}.")
    if url.startswith("http://") and not _near(url):
        raise InputError(f"{vendor.url_variable} must begin with https://: over http:// anyone could read the key.")
    return url


def _near(url: str) -> bool:
    """Whether, by its name alone, a host is this machine or in its own network."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or host.endswith(".local") or any(ip_address(host) in network for network in _NEAR)
    except ValueError:  # a name, or no address at all
        return False


def run(main: Coroutine[Any, Any, T]) -> T:
    """`asyncio.run`, except that the end does not wait for the system's look-ups of names.

    They run in threads that cannot be cancelled, and without a network each may take half a minute.
    """
    with asyncio.Runner() as runner:
        runner.get_loop().set_default_executor(_Daemons())
        runner.get_loop().set_exception_handler(_tell)
        return runner.run(main)


def _tell(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What nobody waited for is told as all that nobody catches: asyncio itself would print a traceback."""
    if isinstance(error := context.get("exception"), Exception):
        sys.excepthook(type(error), error, error.__traceback__)
    else:
        loop.default_exception_handler(context)


class _Daemons(ThreadPoolExecutor):
    """Threads for which neither the loop nor the process waits: one for each call."""

    def submit(self, call: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:  # noqa: ANN401 - as above it
        """Run `call` in a thread of its own."""
        future: Future[T] = Future()
        Thread(target=_work, args=(future, lambda: call(*args, **kwargs)), name="look-up", daemon=True).start()
        return future


def _work(future: Future[T], call: Callable[[], T]) -> None:
    if future.set_running_or_notify_cancel():
        try:
            future.set_result(call())
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits, as the pool's own threads do
            future.set_exception(error)
