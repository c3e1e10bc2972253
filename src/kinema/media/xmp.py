"""XMP: the one packet of metadata that picture tools read, here with Kinema's few properties.

Source:
    Adobe, "XMP Specification" part 1 (ISO 16684-1), sections 7.3 and 7.4; IPTC Photo Metadata
    Standard, "Digital Source Type"; TC260-PG-20258A for the namespace of the AIGC label.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final
from xml.etree import ElementTree
from xml.sax.saxutils import escape

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_NAMESPACES: Final = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "TC260": "http://www.tc260.org.cn/ns/AIGC/1.0/",
    "xmpNote": "http://ns.adobe.com/xmp/note/",
    "kinema": "urn:kinema:xmp:1.0:",
}
_PACKET_MAX: Final = 16 << 20


@dataclass(frozen=True, slots=True)
class Labels:
    """What a file says about itself, as text; an empty one is not written.

    ``facts`` is Kinema's JSON document in ASCII, ``source_type`` an IPTC digital source type (a
    URI), ``aigc`` the JSON of the AIGC label, ``title`` one line for people.
    """

    title: str = ""
    source_type: str = ""
    aigc: str = ""
    facts: str = ""


_PROPERTIES: Final = {
    "title": "dc:title",
    "source_type": "Iptc4xmpExt:DigitalSourceType",
    "aigc": "TC260:AIGC",
    "facts": "kinema:facts",
}


def packet(labels: Labels, extension: str = "") -> bytes:
    """The labels as an XMP packet, UTF-8; ``extension`` is the digest of a second packet."""
    lines = [_element(_PROPERTIES[f.name], getattr(labels, f.name)) for f in fields(labels)]
    names = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in _NAMESPACES.items())
    text = (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        f'<rdf:RDF xmlns:rdf="{_RDF}"><rdf:Description rdf:about=""{names}>'
        f"{''.join(lines)}{_element('xmpNote:HasExtendedXMP', extension)}"
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
    )
    return text.encode()


def labels_of(data: bytes) -> Labels:
    """The labels that a packet holds; foreign properties and broken packets give none."""
    # A document type could define entities that unfold to gigabytes; XMP has none.
    if len(data) > _PACKET_MAX or b"<!DOCTYPE" in data:
        return Labels()
    try:
        tree = ElementTree.fromstring(data.strip(b"\0 \r\n"))
    except ElementTree.ParseError:
        return Labels()
    found: dict[str, str] = {}
    for description in tree.iter(f"{{{_RDF}}}Description"):
        for name, prefixed in _PROPERTIES.items():
            prefix, _, local = prefixed.partition(":")
            key = f"{{{_NAMESPACES[prefix]}}}{local}"
            element = description.find(key)
            text = description.get(key) if element is None else "".join(element.itertext())
            if text:
                found.setdefault(name, text)
    return Labels(**found)


def _element(name: str, text: str) -> str:
    if not text:
        return ""
    value = escape(text)
    if name == "dc:title":  # a text that may have translations
        value = f'<rdf:Alt><rdf:li xml:lang="x-default">{value}</rdf:li></rdf:Alt>'
    return f"<{name}>{value}</{name}>"
