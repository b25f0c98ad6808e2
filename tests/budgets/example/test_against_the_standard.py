"""The messages against the official schemas, where those are at hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree


@pytest.fixture(scope="module")
def schemas(iwmo_dir: Path) -> dict[str, etree.XMLSchema]:
    """The schemas of the three messages that a provider sends."""
    return {
        number: etree.XMLSchema(etree.parse(iwmo_dir / "xsd" / f"WMO{number}.xsd")) for number in ("305", "307", "323")
    }


@pytest.mark.parametrize("example", ["large_folder", "small_folder"])
def test_every_message_but_the_broken_one_is_valid(
    example: str, schemas: dict[str, etree.XMLSchema], request: pytest.FixtureRequest
) -> None:
    folder: Path = request.getfixturevalue(example)
    broken = []
    for path in sorted((folder / "messages").glob("*.xml")):
        number = path.stem[-3:] if path.stem.endswith(("-305", "-307")) else "323"
        try:
            message = etree.parse(path)
        except etree.XMLSyntaxError:
            broken.append(path.name)
            continue
        assert schemas[number].validate(message), (path.name, str(schemas[number].error_log))
    assert len(broken) == 1
