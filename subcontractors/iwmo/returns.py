"""Make and read the return message of a 301, 305, 307, 315, 317 or 319, as IV028, IV032 and OP065 lay down.

The header is copied unchanged (sender and receiver stay where they were) and gets the identification of the return.
Nothing to remark: only the header, without codes. Something wrong in the header, or a rule of level 2 broken (0001):
only the header, with its codes. Something wrong in a class: the header with 0200 and the client with all its classes,
each with its own codes. A message that breaks its structure (level 1) gets no return at all. Pure: what is wrong is
decided elsewhere; here it only gets its place in the message.

A class has an address: its path where it occurs once (``Client``, ``Client/Verzoek``, ``Antwoord``), its name and
number where it is repeated (``StartProduct[2]``), and both for the one contact of a relation (``Relatie[1]/Contact``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from subcontractors.iwmo import codes as code_list
from subcontractors.iwmo.codes import NO_REMARK, NOT_ASSESSED, REFUSED_CONTENT, RULES_VERSION, in_order
from subcontractors.iwmo.document import Document, Record, codes_key
from subcontractors.iwmo.messages import RETURNS
from subcontractors.iwmo.model import VERSIONS
from subcontractors.iwmo.structure import Message, Node, compiled

_HEADER = "Header"
_OWN = codes_key()


@dataclass(frozen=True, slots=True)
class Returned:
    """What a return message says: codes of the header and by address of the class; refused is what is no 0200."""

    header: tuple[str, ...]
    classes: Mapping[str, tuple[str, ...]]

    @property
    def approved(self) -> bool:
        """Whether the message it answers was accepted: nothing was refused anywhere."""
        return not any(refuses(codes) for codes in (self.header, *self.classes.values()))


def refuses(codes: Iterable[str]) -> bool:
    """Whether there is a code that says more than 0200 or 0233."""
    return any(code not in (NO_REMARK, NOT_ASSESSED) for code in codes)


def addresses(document: Document) -> tuple[str, ...]:
    """The addresses of all classes of a message that get codes in its return, in the order of the document.

    Raises:
        ValueError: the document has no return message.
    """
    message, root = _answerable(document)
    return tuple(address for address, _key in _places(compiled(message), root))


def make_return(
    document: Document,
    codes: Mapping[str, Iterable[str]] | None = None,
    *,
    identification: str,
    dated: date,
    header_codes: Iterable[str] = (),
    rules_version: str = RULES_VERSION,
    xsd_versions: tuple[str, str] = VERSIONS,
) -> Document:
    """The return message of a document that was read without faults of structure.

    Args:
        document: the message as it was read.
        codes: return codes by address of the class. A class without codes gets 0200, or 0233 where the class above
            it was refused.
        identification: our own identification of the return, at most 12 characters.
        dated: the day of the return.
        header_codes: codes of the header, or ids of broken rules of level 2, which all become 0001.
        rules_version: told as XsltVersie when a rule of level 2 refuses the message.
        xsd_versions: the versions that the return is made by (IV034).

    Raises:
        ValueError: there is no return to this message, or there is no class at an address.
    """
    answer, root = _answerable(document)
    told = {address: _told(tuple(own)) for address, own in (codes or {}).items()}
    places = dict(_places(compiled(answer), root))
    strange = told.keys() - places.keys()
    if strange:
        raise ValueError(f"WMO{answer.number} has no class {', '.join(sorted(strange))}")
    header = _header(root, answer, identification, dated, xsd_versions)
    wrong = code_list.header_codes(header_codes)
    if wrong:
        if REFUSED_CONTENT in wrong:
            header["Header/XsltVersie"] = rules_version
        return Document(answer, Record(root.name, header | {codes_key(_HEADER): " ".join(wrong)}))
    if not any(refuses(own) for own in told.values()):
        return Document(answer, Record(root.name, header))
    header[codes_key(_HEADER)] = NO_REMARK
    return Document(answer, _with_codes(root, header, _spread(places, told)))


def read_return(document: Document) -> Returned:
    """The codes of a return message that was read without faults of structure.

    Raises:
        ValueError: the document is no return message.
    """
    if document.message not in RETURNS.values() or document.root is None:
        raise ValueError("this is no return message")
    root = document.root
    classes = {address: _codes_at(root, address, key) for address, key in _places(compiled(document.message), root)}
    return Returned(root.codes(_HEADER), {address: codes for address, codes in classes.items() if codes})


def _told(codes: tuple[str, ...]) -> tuple[str, ...]:
    """The codes of one class in order; one that is refused has no 0200 or 0233 beside the reasons."""
    return in_order(code for code in codes if not refuses(codes) or refuses((code,)))


def _answerable(document: Document) -> tuple[Message, Record]:
    if document.message is None or document.root is None or document.faults:
        raise ValueError("a message that breaks its structure gets no return")
    if document.message not in RETURNS:
        raise ValueError(f"there is no return to a WMO{document.message.number}")
    return RETURNS[document.message], document.root


def _places(node: Node, root: Record) -> Iterator[tuple[str, str]]:
    """Address and path of the codes of every class that the message holds, those above before those below."""
    for key in _code_keys(node):
        place = key.removesuffix(f"/{_OWN}")
        if place != _HEADER and root.has(place):
            yield place, key
    parts = {part.name: part for part in node.records()}
    numbers: Counter[str] = Counter()
    for record in root.records:
        numbers[record.name] += 1
        own = f"{record.name}[{numbers[record.name]}]"
        yield own, _OWN
        for key in _code_keys(parts[record.name]):
            if key != _OWN:
                yield f"{own}/{key.removesuffix(f'/{_OWN}')}", key


def _code_keys(node: Node) -> list[str]:
    keys = [leaf.key for leaf in node.leaves() if leaf.name == "RetourCode"]
    return sorted(keys, key=lambda key: key.count("/"))


def _header(
    root: Record, answer: Message, identification: str, dated: date, versions: tuple[str, str]
) -> dict[str, str]:
    copied = {key: value for key, value in root.values.items() if key.startswith(f"{_HEADER}/")}
    return copied | {
        "Header/BerichtCode": answer.code,
        "Header/IdentificatieRetour": identification,
        "Header/DagtekeningRetour": str(dated),
        "Header/XsdVersieRetour/BasisschemaXsdVersie": versions[0],
        "Header/XsdVersieRetour/BerichtXsdVersie": versions[1],
    }


def _spread(places: Mapping[str, str], told: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """The text of the codes of every class: its own, or 0233 below a refused class, or 0200."""
    refused = [address for address, codes in told.items() if refuses(codes)]
    singular = [address for address in refused if "[" not in address]
    spread = {}
    for address in places:
        repeated = "[" in address
        above = (repeated and bool(singular)) or any(address.startswith(f"{other}/") for other in refused)
        spread[address] = " ".join(told.get(address) or ((NOT_ASSESSED,) if above else (NO_REMARK,)))
    return spread


def _with_codes(root: Record, header: Mapping[str, str], spread: Mapping[str, str]) -> Record:
    values = {key: value for key, value in root.values.items() if not key.startswith(f"{_HEADER}/")}
    values |= {codes_key(address): codes for address, codes in spread.items() if "[" not in address}
    numbers: Counter[str] = Counter()
    records = []
    for record in root.records:
        numbers[record.name] += 1
        own = f"{record.name}[{numbers[record.name]}]"
        added = {_OWN: spread[own]}
        added |= {
            codes_key(address.removeprefix(f"{own}/")): codes
            for address, codes in spread.items()
            if address.startswith(f"{own}/")
        }
        records.append(Record(record.name, {**record.values, **added}, record.records))
    return Record(root.name, {**header, **values}, tuple(records))


def _codes_at(root: Record, address: str, key: str) -> tuple[str, ...]:
    if "[" not in address:
        return tuple(root.get(key).split())
    name, _, rest = address.partition("[")
    record = root.named(name)[int(rest.partition("]")[0]) - 1]
    return tuple(record.get(key).split())
