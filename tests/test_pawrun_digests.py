"""Digests of bases, remembered for as long as the file is visibly the same."""

from __future__ import annotations

import hashlib
import json
import os
import time
from pathlib import Path

import pytest
from pawformats.errors import PawError
from pawllama import cache, digests


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(digests, "_SETTLED_S", -1.0)  # files that were written just now count too
    return tmp_path / "cache" / "paw"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    path = tmp_path / "base.gguf"
    path.write_bytes(b"weights")
    return path


TRUE = hashlib.sha256(b"weights").hexdigest()
FALSE = "0" * 64


def forge(folder: Path, base: Path) -> None:
    """Have it remember a digest that isn't true, so that one can tell whether it was believed."""
    digests.sha256(base)
    held = json.loads((folder / "digests.json").read_text())
    held[str(base)][0] = FALSE
    (folder / "digests.json").write_text(json.dumps(held))


def test_a_digest_is_remembered_until_asked_for(folder: Path, base: Path) -> None:
    assert digests.sha256(base) == TRUE
    forge(folder, base)
    assert digests.sha256(base) == FALSE
    link = base.with_name("link.gguf")
    link.symlink_to(base)
    assert digests.sha256(link) == FALSE
    assert digests.sha256(base, verify=True) == TRUE
    assert digests.sha256(base) == TRUE


@pytest.mark.parametrize("change", ["size", "contents", "time", "inode", "path"])
def test_another_file_is_read_again(folder: Path, base: Path, change: str) -> None:
    forge(folder, base)
    before = base.stat()
    if change == "size":
        base.write_bytes(b"weights!")
    elif change == "contents":  # with the time put back, as a copy that keeps times does
        time.sleep(0.05)
        base.write_bytes(b"Weights")
        os.utime(base, ns=(before.st_atime_ns, before.st_mtime_ns))
    elif change == "time":
        os.utime(base, ns=(1, 1))
    elif change == "inode":
        os.replace(base, base.with_name("kept"))
        base.write_bytes(b"weights")
        os.utime(base, ns=(before.st_atime_ns, before.st_mtime_ns))
    else:
        base = base.rename(base.with_name("other.gguf"))
    assert digests.sha256(base) == hashlib.sha256(base.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    "held",
    ["", "{", "[]", "null", "[" * 100_000, '{"PATH": []}', '{"PATH": ["0", 1, 2, 3, 4, 5]}', "\0", "é"],
)
def test_a_broken_memory_is_no_memory(folder: Path, base: Path, held: str) -> None:
    forge(folder, base)
    (folder / "digests.json").write_text(held.replace("PATH", str(base)), encoding="latin-1")
    assert digests.sha256(base) == TRUE
    assert json.loads((folder / "digests.json").read_text())[str(base)][0] == TRUE


def test_a_memory_that_others_could_write_is_not_believed(folder: Path, base: Path) -> None:
    forge(folder, base)
    (folder / "digests.json").chmod(0o666)
    assert digests.sha256(base) == TRUE
    forge(folder, base)
    (folder / "digests.json").rename(folder / "elsewhere")
    (folder / "digests.json").symlink_to(folder / "elsewhere")
    assert digests.sha256(base) == TRUE


def test_a_folder_that_cannot_be_written_does_no_harm(folder: Path, base: Path) -> None:
    folder.parent.mkdir()
    folder.write_text("a file where the folder should be")
    assert digests.sha256(base) == TRUE
    assert cache.read(folder / "digests.json") is None


def test_a_file_that_changed_just_now_is_not_remembered(
    folder: Path, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "_SETTLED_S", 60.0)
    assert digests.sha256(base) == TRUE
    assert not (folder / "digests.json").exists()


def test_so_many_are_remembered(folder: Path, base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "_MOST", 2)
    for name in "abc":
        base.with_name(name).write_bytes(b"weights")
        digests.sha256(base.with_name(name))
    held = json.loads((folder / "digests.json").read_text())
    assert [Path(place).name for place in held] == ["b", "c"]
    assert [path.name for path in folder.iterdir()] == ["digests.json"]


def test_a_file_that_is_not_there(base: Path) -> None:
    with pytest.raises(PawError, match=r"cannot read .*absent"):
        digests.sha256(base.with_name("absent"))
