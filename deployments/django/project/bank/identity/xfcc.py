"""Envoy's X-Forwarded-Client-Cert: elements between commas, pairs between semicolons, values bare or in quotes.

Envoy writes a URI of the certificate bare, whatever is in it. So a value can look like further pairs or elements: what
comes twice is refused, and so is more than one element.
"""

from . import Doubt

SINGLE = ("Hash", "Cert", "Chain", "Subject")


def _split(text: str, separator: str) -> list[str]:
    """Pieces between separators outside quotes."""
    pieces, piece, quoted, escaped = [], "", False, False
    for letter in text:
        if escaped:
            escaped = False
        elif quoted and letter == "\\":
            escaped = True
        elif letter == '"':
            quoted = not quoted
        elif letter == separator and not quoted:
            pieces.append(piece)
            piece = ""
            continue
        piece += letter
    if quoted:
        raise Doubt("a quote is not closed")
    return [*pieces, piece]


def _element(text: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for pair in _split(text, ";"):
        key, equals, value = pair.partition("=")
        key = key.strip()
        if not equals or (key in SINGLE and key in pairs):
            raise Doubt("a pair of the client's element is not understood, or comes twice")
        if len(value) >= 2 and value[0] == value[-1] == '"':
            value = value[1:-1].replace('\\"', '"')
        pairs[key] = value
    return pairs


def element(text: str, which: str) -> dict[str, str]:
    """The pairs of the element that names the client: the only one."""
    # FAULT xfcc_element: "the first one is the original client". An Envoy that appends keeps the client's own words
    # there. The naive reader does not mind quotes either.
    if which == "first":
        return _element(_split(text, ",")[0])
    elements = _split(text, ",")
    if len(elements) != 1:
        raise Doubt("more than one element: any but the last may be the client's own words")
    return _element(elements[0])
