"""Ed25519 signatures over program files (or any others), detached.

FILE.sig is the 64 bytes of the signature over DOMAIN and the file's bytes, so that openssl can make and
verify it too. The domain keeps a signature from being taken for one over other kinds of messages.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

from pawformats.errors import PawError
from pawformats.extras import need

from . import output, programs

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

DOMAIN = b"PAW program signature 1\n"
SUFFIX = ".sig"
#: Length of a raw key, private or public, in bytes.
_RAW = 32


def new_key(path: str) -> str:
    """Write a new private key to a file that must not be there yet, readable by its owner alone, and its
    public key to PATH.pub, both as PEM. Returns the fingerprint."""
    need("sign", "signatures need")
    from cryptography.hazmat.primitives import serialization as forms
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(forms.Encoding.PEM, forms.PrivateFormat.PKCS8, forms.NoEncryption())
    public = key.public_key().public_bytes(forms.Encoding.PEM, forms.PublicFormat.SubjectPublicKeyInfo)
    for place in (path, f"{path}.pub"):
        if os.path.lexists(place):
            raise PawError("key-exists", f"{place} is there already, and a key is not overwritten")
    _write_new(path, private, 0o600)
    try:
        _write_new(f"{path}.pub", public, 0o666)
    except PawError:
        os.unlink(path)  # half a pair would be in the way of the next try
        raise
    return fingerprint(key.public_key())


def _write_new(path: str, data: bytes, mode: int) -> None:
    try:
        made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        try:
            with open(made, "wb") as file:
                file.write(data)
        except OSError:
            os.unlink(path)
            raise
    except OSError as error:
        raise PawError("cannot-write", f"cannot write {path}: {error.strerror}") from error


def sign(path: str, key: Ed25519PrivateKey) -> str:
    """Write FILE.sig beside a file. Returns the signature's path."""
    signature = key.sign(DOMAIN + programs.read(path))
    output.write(path + SUFFIX, signature)
    return path + SUFFIX


def verify(path: str, key: Ed25519PublicKey, signature_path: str | None = None) -> bool:
    """Whether the signature of a file holds. Raises PawError if either can't be read."""
    from cryptography.exceptions import InvalidSignature

    signature = programs.read(signature_path or path + SUFFIX)
    try:
        key.verify(signature, DOMAIN + programs.read(path))
    except InvalidSignature:
        return False
    return True


def private_key(path: str) -> Ed25519PrivateKey:
    """A private key from PEM (PKCS #8) without a passphrase, or its 32 raw bytes. Raises `bad-key`."""
    need("sign", "signatures need")
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    data = _key_bytes(path)
    if len(data) == _RAW:
        return Ed25519PrivateKey.from_private_bytes(data)
    try:
        key = load_pem_private_key(data, password=None)
    except TypeError as error:
        hint = "write it without one: openssl pkey -in KEY -out PLAIN"
        raise PawError("bad-key", f"{path} is locked with a passphrase", hint=hint) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _no_key(path, "private") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise _no_key(path, "private")
    return key


def public_key(path: str) -> Ed25519PublicKey:
    """A public key from PEM, or its 32 raw bytes. Raises `bad-key`."""
    need("sign", "signatures need")
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    data = _key_bytes(path)
    if len(data) == _RAW:
        return Ed25519PublicKey.from_public_bytes(data)
    try:
        key = load_pem_public_key(data)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _no_key(path, "public") from error
    if not isinstance(key, Ed25519PublicKey):
        raise _no_key(path, "public")
    return key


def fingerprint(key: Ed25519PublicKey) -> str:
    """SHA-256 (hex) of the 32 raw bytes of a public key."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()


def _key_bytes(path: str) -> bytes:
    try:
        return programs.read(path)
    except PawError as error:
        raise PawError("key-unreadable", error.message) from error


def _no_key(path: str, kind: str) -> PawError:
    hint = {
        "private": "make one with pawc sign --new-key FILE, or openssl genpkey -algorithm ed25519",
        "public": "write that of a private one with: openssl pkey -in KEY -pubout",
    }
    return PawError("bad-key", f"{path} is no {kind} Ed25519 key, neither PEM nor 32 bytes", hint=hint[kind])
