"""Fixtures that several test files share."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import tiny


@pytest.fixture(scope="session")
def tiny_target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The target file of a tiny random pair; its base lies beside it as base.gguf."""
    return tiny.build(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def label_target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The target file of a tiny random encoder; its base lies beside it as mini.gguf."""
    return tiny.build_label(tmp_path_factory.mktemp("label"))
