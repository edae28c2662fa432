"""Fixtures that several test files share."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import programs
import tiny

# A shell that started the tests in the background has made them ignore SIGINT, and so what they start.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def _caches(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test reads or fills the caches of the user who runs them."""
    os.environ["PAW_CACHE_DIR"] = str(tmp_path_factory.mktemp("compile-cache"))
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def tiny_target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The target file of a tiny random pair; its base lies beside it as base.gguf."""
    return tiny.build(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def label_target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The target file of a tiny random encoder; its base lies beside it as mini.gguf."""
    return tiny.build_label(tmp_path_factory.mktemp("label"))


@pytest.fixture(scope="session")
def joint_target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As label_target, with joint reading of every record whose likeliest label has less than 0.9."""
    return tiny.build_joint(tmp_path_factory.mktemp("joint"))


@pytest.fixture(scope="session")
def program(tiny_target: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program for the tiny pair that answers with ALERT or QUIET."""
    return programs.write(tmp_path_factory.mktemp("programs") / "labels.pawbin", programs.make(tiny_target))


@pytest.fixture(scope="session")
def free(tiny_target: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One that answers with text."""
    made = programs.make(tiny_target, programs.FREE)
    return programs.write(tmp_path_factory.mktemp("programs") / "free.pawbin", made)


@pytest.fixture(scope="session")
def env(tiny_target: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment for `pawrun`: one cache for all, so that the library is tried once; the base found
    through its folder."""
    cache = tmp_path_factory.getbasetemp() / "cache"
    return dict(os.environ, XDG_CACHE_HOME=str(cache), PAW_BASE_PATH=str(tiny_target.parent))
