"""Whose hand did something: what is written beside a payment or a decision."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hand:
    """A person as what they did remembers them: the id tells two people apart, the name is for reading."""

    user_id: int
    name: str
