"""`pawc strip`, `pawc sign` and `pawc verify`, and the rules of share/magic."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import shell
from pawformats import pawbin
from shell import Shell

from pawc import signing

MAGIC = Path(__file__).parents[1] / "share" / "magic"
TESTED = shell.LABELS + "\n+++ tests\nInput: all\nOutput: ALERT\n"
RECORDS = ("disk full", "error", "step 3 loss")


@pytest.mark.parametrize("kind", ["decoder", "encoder"])
def test_strip(kind: str, tmp_path: Path, tiny_target: Path, label_target: Path) -> None:
    tool = Shell(tmp_path, tiny_target if kind == "decoder" else label_target)
    program = tool.compile("t.paw", TESTED, "--shebang")
    before = program.read_bytes()
    program.chmod(0o750)
    assert tool("pawc", "strip", "-o", "s.pawbin", "t.pawbin").returncode == 0
    assert program.read_bytes() == before
    told = tool("pawc", "strip", "-v", "t.pawbin")
    assert (told.returncode, told.stdout) == (0, "") and f"of {len(before)} left" in told.stderr
    bare = program.read_bytes()
    assert bare == (tmp_path / "s.pawbin").read_bytes() and bare.startswith(pawbin.SHEBANG)
    assert stat.S_IMODE(program.stat().st_mode) == 0o750
    old, new = pawbin.load(before), pawbin.load(bare)
    assert (new.source, new.tests, new.toolchain) == (None, (), "")
    assert (new.adapter, new.head, new.contract, new.base) == (old.adapter, old.head, old.contract, old.base)
    assert (new.pseudo_program.text == "\n") == (kind == "encoder")
    (tmp_path / "old.pawbin").write_bytes(before)
    scored = ("pawrun", "--scores", "--deterministic")
    lines = "".join(f"{record}\n" for record in RECORDS)
    first, second = (tool(*scored, name, stdin=lines) for name in ("old.pawbin", "t.pawbin"))
    assert first.returncode == 0 and first.stdout == second.stdout
    assert tool("pawc", "strip", "t.pawbin").returncode == 0 and program.read_bytes() == bare
    untested = tool("pawc", "test", "t.pawbin")
    assert untested.returncode == 2 and "has no tests" in untested.stderr
    damaged = tool("pawc", "strip", "t.paw")
    assert damaged.returncode == 2 and (tmp_path / "t.paw").read_text() == TESTED


def test_signatures(tmp_path: Path) -> None:
    tool = Shell(tmp_path, tmp_path)
    program = tmp_path / "a.pawbin"
    program.write_bytes(b"program")
    made = tool("pawc", "sign", "--new-key", "key", "a.pawbin")
    assert (made.returncode, made.stderr) == (0, "")
    fingerprint = made.stdout.split()[-1]
    assert len(fingerprint) == 64 and stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    good = tool("pawc", "verify", "--key", "key.pub", "a.pawbin")
    assert (good.returncode, good.stdout) == (0, f"a.pawbin: good signature by {fingerprint}\n")
    again = tool("pawc", "sign", "--new-key", "key")
    assert again.returncode == 2 and "key is there already" in again.stderr

    shutil.copy(tmp_path / "a.pawbin.sig", tmp_path / "other.sig")
    program.write_bytes(b"Program")
    bad = tool("pawc", "verify", "--key", "key.pub", "--sig", "other.sig", "a.pawbin")
    assert (bad.returncode, bad.stdout) == (1, f"a.pawbin: BAD signature, not by {fingerprint}\n")
    missing = tool("pawc", "verify", "--key", "key.pub", "b.pawbin")
    assert missing.returncode == 2 and "cannot read b.pawbin.sig" in missing.stderr


def test_what_a_signature_covers(tmp_path: Path) -> None:
    """Every byte of the file and the domain; raw keys are as good as PEM; another's key isn't."""
    signing.new_key(str(tmp_path / "one"))
    signing.new_key(str(tmp_path / "two"))
    one, two = (signing.private_key(str(tmp_path / name)) for name in ("one", "two"))
    (tmp_path / "raw").write_bytes(one.private_bytes_raw())
    (tmp_path / "raw.pub").write_bytes(one.public_key().public_bytes_raw())
    path = tmp_path / "a.pawbin"
    path.write_bytes(bytes(range(64)))
    signing.sign(str(path), signing.private_key(str(tmp_path / "raw")))
    public = signing.public_key(str(tmp_path / "raw.pub"))
    assert signing.verify(str(path), public) and not signing.verify(str(path), two.public_key())
    for index in (0, 63):
        data = bytearray(range(64))
        data[index] ^= 1
        path.write_bytes(data)
        assert not signing.verify(str(path), public)
    path.write_bytes(bytes(range(64)))
    (tmp_path / "a.pawbin.sig").write_bytes(one.sign(path.read_bytes()))  # without the domain
    assert not signing.verify(str(path), public)
    (tmp_path / "a.pawbin.sig").write_bytes(b"short")
    assert not signing.verify(str(path), public)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
def test_openssl_agrees(tmp_path: Path) -> None:
    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=tmp_path, check=True, capture_output=True)

    openssl("genpkey", "-algorithm", "ed25519", "-out", "key")
    openssl("pkey", "-in", "key", "-pubout", "-out", "key.pub")
    path = tmp_path / "a.pawbin"
    path.write_bytes(b"\x89PAW\r\n")
    signing.sign(str(path), signing.private_key(str(tmp_path / "key")))
    (tmp_path / "message").write_bytes(signing.DOMAIN + path.read_bytes())
    check = ("-pubin", "-inkey", "key.pub", "-rawin", "-in", "message", "-sigfile", "a.pawbin.sig")
    openssl("pkeyutl", "-verify", *check)
    openssl("pkeyutl", "-sign", "-inkey", "key", "-rawin", "-in", "message", "-out", "a.pawbin.sig")
    assert signing.verify(str(path), signing.public_key(str(tmp_path / "key.pub")))
    openssl("pkey", "-in", "key", "-aes256", "-passout", "pass:secret", "-out", "locked")
    openssl("genpkey", "-algorithm", "x25519", "-out", "x25519")
    for name, said in (("locked", "passphrase"), ("x25519", "no private Ed25519"), ("key.pub", "no private")):
        done = Shell(tmp_path, tmp_path)("pawc", "sign", "--key", name, "a.pawbin")
        assert done.returncode == 2 and said in done.stderr and "hint: " in done.stderr


def test_without_the_extra(tmp_path: Path) -> None:
    """As if cryptography were not installed: an import that finds nothing."""
    code = "import sys; sys.modules['cryptography'] = None; from pawc.cli import main; main()"
    settings = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    words = ("verify", "--key", "k", "f")
    done = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=tmp_path, env=settings, capture_output=True, text=True
    )
    assert done.returncode == 2 and "pip install 'paw-toolchain[sign]'" in done.stderr


@pytest.mark.parametrize("words", [("sign",), ("sign", "--key", "k"), ("verify", "f")])
def test_called_wrongly(words: tuple[str, ...], tmp_path: Path) -> None:
    done = Shell(tmp_path, tmp_path)("pawc", *words)
    assert done.returncode == 2 and "Error: " in done.stderr


@pytest.mark.skipif(shutil.which("file") is None, reason="needs file")
def test_file_knows_programs() -> None:
    vectors = Path(__file__).parent / "vectors" / "pawbin" / "valid"

    def says(path: Path, *options: str) -> str:
        command = ["file", "--brief", *options, "--magic-file", str(MAGIC), str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stderr == ""
        return done.stdout.strip()

    found = sorted(vectors.glob("*.pawbin"))
    assert found
    for path in found:
        data = path.read_bytes()
        program, layout = pawbin.load(data), pawbin.describe(data)
        said = says(path)
        executable, version = ", executable" if layout.shebang else "", "{}.{}".format(*layout.version)
        assert said.startswith(f"Program-as-Weights program{executable}, version {version}")
        assert f", for {program.target}" in said
        assert ("read again in doubt" in said) == (program.joint is not None)
        assert ("answers with labels" in said) == bool(program.contract.labels)
        assert ("with an adapter" in said) == (program.adapter is not None)
        assert ("with a label head" in said) == (program.head is not None)
        assert says(path, "--mime-type") == "application/x-pawbin"
    library = vectors.parents[1] / "pawlib" / "valid" / "two.pawbin"
    assert says(library) == "Program-as-Weights library, version 1.0"
    assert says(library, "--mime-type") == "application/x-pawbin"
    assert says(Path(__file__)) != "" and "Program-as" not in says(Path(__file__))
