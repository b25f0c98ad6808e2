from __future__ import annotations

import re
from pathlib import Path

import pytest

from subcontractors.portal.guide import anchor_of, read_guide
from tests.subcontractors.portal.desk import Site

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "handleiding"


def test_the_guide_is_served_with_every_picture_it_names(site: Site):
    arie = site.browser()
    page = arie.get("/hulp").text
    pictures = re.findall(r'src="(/hulp/beelden/[^"]+)"', page)
    assert len(pictures) == 8
    for picture in pictures:
        assert arie.get(picture).data.startswith(b"\x89PNG")
    assert arie.get("/hulp/beelden/..%2f..%2fREADME.png").status_code == 404
    assert "**" not in page


def test_pictures_are_small_and_each_stands_in_a_guide():
    pictures = list((GUIDE / "beelden").glob("*.png"))
    assert max(path.stat().st_size for path in pictures) <= 180_000
    guides = "".join(path.read_text(encoding="utf-8") for path in GUIDE.glob("*.md"))
    assert set(re.findall(r"beelden/([a-z0-9-]+)\.png", guides)) == {path.stem for path in pictures}


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("# Een", "h1", "Een"),
        ("een **twee** `drie`", "p", "een <strong>twee</strong> <code>drie</code>"),
        ("<script>alert(1)</script>", "p", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("- een\n- twee\n  en meer", "ul", "een"),
        ("1. een", "ol", "een"),
        ("```\na < b\n\nc\n```", "code", "a &lt; b\n\nc"),
    ],
)
def test_the_little_markdown_that_is_read(text: str, kind: str, said: str):
    (block,) = read_guide(text)
    assert (block.kind, str(block.parts[0])) == (kind, said)


def test_a_heading_can_be_linked_to():
    assert anchor_of("Wanneer word ik betaald?") == "wanneer-word-ik-betaald"
