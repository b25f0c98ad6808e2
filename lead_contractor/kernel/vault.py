"""The vault: encryption and keyed hashes with a master key that comes from outside the database.

Each lead contractor has keys of its own, derived from the master key, so that the same BSN is another hash and another
pseudonym with every one of them. See ``docs/adr`` for the choices.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import zlib
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lead_contractor.kernel.refusals import Refusal

KEY_VARIABLE = "HOOFDSOM_KEY"
KEY_FILE_VARIABLE = "HOOFDSOM_KEY_FILE"
KEY_BYTES = 32
_NONCE_BYTES = 12
_PSEUDONYM_LENGTH = 10
_LEVEL = 3
"""Of compression: of a declaration 3.4 % is left in half the time that level 6 takes to leave 2.4 %."""


class Vault:
    """The keys of one lead contractor."""

    def __init__(self, master_key: bytes, lead_contractor_id: int) -> None:
        if len(master_key) != KEY_BYTES:
            raise Refusal(f"De sleutel moet {KEY_BYTES} bytes zijn. Maak er een met: hoofdsom key NAAM-VAN-BESTAND")
        tenant = f"lead-contractor:{lead_contractor_id}"
        self._hash_key = _derive(master_key, f"bsn-hash:{tenant}")
        self._pseudonym_key = _derive(master_key, f"pseudonym:{tenant}")
        self._fingerprint_key = _derive(master_key, f"fingerprint:{tenant}")
        self._cipher = AESGCM(_derive(master_key, f"encryption:{tenant}"))

    def bsn_hash(self, bsn: str) -> str:
        """The keyed hash by which a BSN is found; 64 hexadecimal digits."""
        return hmac.new(self._hash_key, bsn.encode(), hashlib.sha256).hexdigest()

    def pseudonym(self, bsn: str) -> str:
        """The name by which everything but the vault knows a client; ten letters and digits."""
        digest = hmac.new(self._pseudonym_key, bsn.encode(), hashlib.sha256).digest()
        return base64.b32encode(digest).decode()[:_PSEUDONYM_LENGTH]

    def fingerprint(self, digest: str) -> str:
        """The keyed hash by which content that holds a BSN is known again; 64 hexadecimal digits.

        The plain hash of a message must not be stored: all but the BSN stands beside it, and a BSN is soon guessed.
        """
        return hmac.new(self._fingerprint_key, digest.encode(), hashlib.sha256).hexdigest()

    def encrypt(self, content: bytes, purpose: str) -> bytes:
        """Encrypt (AES-256-GCM); ``purpose`` must be given again to decrypt."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, purpose.encode())

    def decrypt(self, sealed: bytes, purpose: str) -> bytes:
        """Decrypt.

        Raises:
            Refusal: the key is another one than it was encrypted with, or the content was tampered with.
        """
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], purpose.encode())
        except InvalidTag as error:
            raise Refusal(
                "De gegevens zijn met een andere sleutel versleuteld, of beschadigd. "
                f"Zet {KEY_VARIABLE} of {KEY_FILE_VARIABLE} op de sleutel waarmee is geladen."
            ) from error

    def seal_file(self, content: bytes) -> bytes:
        """Compress and encrypt an original as it was received."""
        return self.encrypt(zlib.compress(content, _LEVEL), "message-file")

    def open_file(self, sealed: bytes) -> bytes:
        """The original again, to the byte."""
        return zlib.decompress(self.decrypt(sealed, "message-file"))


def _derive(master_key: bytes, purpose: str) -> bytes:
    """A key for one purpose (HKDF-expand with one block of SHA-256)."""
    return hmac.new(master_key, f"hoofdsom:{purpose}\x01".encode(), hashlib.sha256).digest()


def new_key() -> bytes:
    """A fresh master key."""
    return secrets.token_bytes(KEY_BYTES)


def write_key(path: Path) -> None:
    """Make a key file that only its owner may read; an existing one is left as it is."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(base64.b64encode(new_key()).decode() + "\n")


def load_key(environment: dict[str, str] | None = None) -> bytes:
    """The master key from ``HOOFDSOM_KEY`` (base64), or the file that ``HOOFDSOM_KEY_FILE`` names.

    Without either, ``var/hoofdsom.key`` under the current folder serves, if it is there.

    Raises:
        Refusal: there is no key, or it is not 32 bytes in base64.
    """
    values = os.environ if environment is None else environment
    text = values.get(KEY_VARIABLE, "")
    if not text:
        path = Path(values.get(KEY_FILE_VARIABLE, "") or Path("var") / "hoofdsom.key")
        if not path.is_file():
            raise Refusal(
                f"Er is geen sleutel voor de BSN-kluis: zet {KEY_VARIABLE} of {KEY_FILE_VARIABLE}, of maak er een met: "
                f"hoofdsom key {path}"
            )
        text = path.read_text()
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except ValueError as error:
        raise Refusal("De sleutel voor de BSN-kluis is geen geldige base64-tekst.") from error
    if len(key) != KEY_BYTES:
        raise Refusal(f"De sleutel voor de BSN-kluis moet {KEY_BYTES} bytes zijn, niet {len(key)}.")
    return key
