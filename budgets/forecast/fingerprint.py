"""The fingerprint of what a forecast was made from; pure."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from budgets.forecast.inputs import Inputs


def fingerprint(inputs: Inputs) -> str:
    """The SHA-256 of all that a forecast was made from; the order of rows means nothing."""
    return hashlib.sha256(_text(inputs).encode()).hexdigest()


def _text(value: Any) -> str:
    """The same text for the same values: a value of one's own by its fields, many in the order of their texts."""
    names = _names(value.__class__)
    if names:
        return f"({','.join([_text(getattr(value, name)) for name in names])})"
    if isinstance(value, Mapping):
        return f"{{{','.join(sorted([f'{_text(key)}:{_text(one)}' for key, one in value.items()]))}}}"
    if isinstance(value, tuple | list):
        return f"[{','.join(sorted([_text(one) for one in value]))}]"
    return f"{value!s}"


@cache
def _names(kind: Hashable) -> tuple[str, ...]:
    """The fields of a dataclass; none for any other type. Those that hold one thing need no name to be told apart."""
    return tuple(one.name for one in fields(kind)) if is_dataclass(kind) else ()
