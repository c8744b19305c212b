"""XML from outside, read with care: mended where it is faulty, nothing expanded, nothing fetched."""

import re
from html.entities import html5
from typing import Any, Final

from lxml import etree

Element = Any
"""lxml has no types."""

_ENTITY: Final = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31};)")


def parse(data: bytes) -> Element:
    """The root of an XML document, mended where it is faulty; None where there is none. No entity is expanded."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, remove_comments=True)
    try:
        return etree.fromstring(_ENTITY.sub(_numeric, data), parser)
    except etree.XMLSyntaxError:
        return None


def name(element: Element) -> str:
    """An element's name without its namespace, though that was never declared; empty for what is no element."""
    return element.tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(element.tag, str) else ""


def _numeric(match: re.Match[bytes]) -> bytes:
    """An entity that HTML names, by its number: XML knows only five of them."""
    return "".join(f"&#{ord(character)};" for character in html5.get(match[1].decode(), "")).encode()
