"""Whatever arrives: a clear fault in bounded time, and never an exception."""

from __future__ import annotations

import io
import random
import time
import tracemalloc

import pytest

from subcontractors.iwmo.document import read_document
from subcontractors.iwmo.level2.check import check_document
from subcontractors.iwmo.messages import MESSAGES
from subcontractors.iwmo.walk import LIMIT
from tests.subcontractors.iwmo.documents import as_bytes, sound

NUMBERS = tuple(MESSAGES)
ROUNDS = 150

XXE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]><a>&j;</a>"
)
EXTERNAL = b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>'


def faults(source):
    """Read as any message, and check what could be read; there is always an answer."""
    document = read_document(source)
    assert (document.root is None) == bool(document.faults)
    for fault in document.faults:
        assert fault.message
        assert fault.remedy
        assert fault.level == 1
    check_document(document)
    return document.faults


@pytest.mark.parametrize("number", NUMBERS)
def test_what_is_cut_off_is_told_wherever_it_was_cut(number):
    text = as_bytes(sound(number))
    end = text.rindex(b">")
    for place in random.Random(f"cut {number}").sample(range(end), 60):
        assert faults(text[:place])


@pytest.mark.parametrize("number", NUMBERS)
def test_bytes_changed_at_random_never_raise(number):
    disturb(number, random.Random(f"bytes {number}"), ROUNDS)


def disturb(number, dice, rounds):
    """Change, take out or put in bytes of a sound message, and read what is left."""
    sound_text = as_bytes(sound(number))
    for _ in range(rounds):
        text = bytearray(sound_text)
        for _ in range(dice.choice((1, 2, 5, 40))):
            place = dice.randrange(len(text))
            what = dice.randrange(3)
            if what == 0:
                text[place] = dice.randrange(256)
            elif what == 1:
                del text[place : place + dice.randint(1, 30)]
            else:
                text[place:place] = dice.randbytes(dice.randint(1, 30))
        faults(bytes(text))


def test_random_bytes_are_no_message():
    noise(random.Random("noise"), 300)


def noise(dice, rounds):
    """Read bytes without any sense, with and without the look of XML."""
    for _ in range(rounds):
        content = dice.randbytes(dice.randint(0, 3_000))
        assert faults(content)
        assert faults(b"<?xml version='1.0' encoding='UTF-8'?>" + content)
        assert faults(b"<a>" + content)


@pytest.mark.parametrize("text", [XXE, LAUGHS, EXTERNAL], ids=["entity of a file", "billion laughs", "external DTD"])
def test_a_doctype_ends_the_reading(text):
    begun = time.perf_counter()
    (fault,) = faults(text)
    assert "DOCTYPE" in fault.message
    assert "passwd" not in str(fault)
    assert time.perf_counter() - begun < 2


def test_one_byte_over_25_mb_is_not_read():
    text = as_bytes(sound("305"))
    filler = b" " * (LIMIT - len(text))
    assert faults(text + filler) == ()
    for source in (text + filler + b" ", io.BytesIO(text + filler + b" ")):
        assert [fault.rule for fault in faults(source)] == ["OP179"]


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252"])
def test_another_encoding_than_utf_8_is_told(codec):
    text = as_bytes(sound("301")).decode().replace("Dam", "Dàm")
    assert faults(text.encode(codec))[0].rule in ("OP192", "XML")
    assert faults(text.encode(codec))[0].message != ""


@pytest.mark.parametrize("codec", ["iso-8859-1", "utf-16", "us-ascii", "onzin"])
def test_another_declared_encoding_is_told(codec):
    text = as_bytes(sound("301")).replace(b'encoding="UTF-8"', f'encoding="{codec}"'.encode())
    assert [fault.rule for fault in faults(text)] == ["OP192"]


def test_a_byte_order_mark_is_remarked_upon_and_read():
    document = read_document(b"\xef\xbb\xbf" + as_bytes(sound("317")))
    assert document.faults == ()
    assert "byte order mark" in document.remarks[0]


def test_a_long_comment_is_read_and_other_text_of_that_length_is_not():
    text = as_bytes(sound("315"))
    comment = b"<wmo315:AangevraagdeProducten>"
    long = b"<wmo315:Commentaar>" + b"x " * 50_000 + b"</wmo315:Commentaar>" + comment
    assert faults(text.replace(comment, long)) == ()
    assert faults(text.replace(b">Berg<", b">" + b"x" * 100_000 + b"<"))


def test_deep_and_endless_nesting_ends():
    text = as_bytes(sound("305"))
    assert faults(text.replace(b"<wmo305:Client>", b"<wmo305:Client>" + b"<a>" * 100_000))
    assert faults(b"<a>" * 1_000_000)


def test_memory_follows_the_document_and_not_the_blanks_around_it():
    source = io.BytesIO(as_bytes(sound("305")) + b" " * 20_000_000)
    tracemalloc.start()
    read_document(source)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 6_000_000
