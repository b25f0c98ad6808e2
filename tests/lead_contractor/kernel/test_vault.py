"""The vault: what is encrypted, found by hash, and told apart per lead contractor."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from lead_contractor.kernel.refusals import Refusal
from lead_contractor.kernel.vault import KEY_FILE_VARIABLE, KEY_VARIABLE, Vault, load_key, new_key, write_key

KEY = bytes(range(32))
BSN = "999900006"


def test_a_bsn_comes_back_only_with_its_own_key_tenant_and_purpose() -> None:
    vault = Vault(KEY, 1)
    sealed = vault.encrypt(BSN.encode(), "bsn")
    assert BSN.encode() not in sealed
    assert vault.decrypt(sealed, "bsn") == BSN.encode()
    for other, purpose in ((Vault(new_key(), 1), "bsn"), (Vault(KEY, 2), "bsn"), (vault, "message-file")):
        with pytest.raises(Refusal, match="andere sleutel"):
            other.decrypt(sealed, purpose)


def test_what_was_tampered_with_is_refused() -> None:
    vault = Vault(KEY, 1)
    sealed = bytearray(vault.encrypt(BSN.encode(), "bsn"))
    sealed[-1] ^= 1
    with pytest.raises(Refusal, match="beschadigd"):
        vault.decrypt(bytes(sealed), "bsn")


def test_the_same_bsn_is_another_hash_and_pseudonym_with_every_lead_contractor() -> None:
    first, second = Vault(KEY, 1), Vault(KEY, 2)
    assert first.bsn_hash(BSN) == Vault(KEY, 1).bsn_hash(BSN)
    assert first.bsn_hash(BSN) != second.bsn_hash(BSN)
    assert first.pseudonym(BSN) != second.pseudonym(BSN)
    assert len(first.pseudonym(BSN)) == 10
    assert BSN not in first.pseudonym(BSN)


def test_an_original_comes_back_to_the_byte() -> None:
    vault, content = Vault(KEY, 1), b"<Bericht>\r\n" * 500
    sealed = vault.seal_file(content)
    assert len(sealed) < len(content)
    assert vault.open_file(sealed) == content


def test_a_key_file_is_for_its_owner_only_and_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "hoofdsom.key"
    write_key(path)
    before = path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    write_key(path)
    assert path.read_text() == before
    assert load_key({KEY_FILE_VARIABLE: str(path)}) == base64.b64decode(before)


@pytest.mark.parametrize(
    ("text", "words"),
    [("geen base64!", "base64"), (base64.b64encode(b"kort").decode(), "32 bytes"), ("", "geen sleutel")],
)
def test_a_key_that_is_none_is_named(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=words):
        load_key({KEY_VARIABLE: text, KEY_FILE_VARIABLE: str(tmp_path / "absent.key")})


def test_a_fingerprint_is_the_same_again_and_another_with_every_key_and_lead_contractor() -> None:
    made = {Vault(KEY, 1).fingerprint("ab"), Vault(KEY, 1).fingerprint("ab")}
    assert len(made) == 1
    assert len(made | {Vault(KEY, 2).fingerprint("ab"), Vault(new_key(), 1).fingerprint("ab"), "ab"}) == 4
