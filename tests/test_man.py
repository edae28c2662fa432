"""The man pages are what their templates and the commands say, and they say all."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import click
import pytest
from pawformats import frontmatter, manifest, pawbin

from pawc import cli
from pawc.warning_flags import WARNINGS

MAN = Path(__file__).parents[1] / "man"


def _generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("man_generate", MAN / "generate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


generate = _generator()


def plain(text: str) -> str:
    """Roff without fonts and escapes, for looking up what a reader would."""
    return re.sub(r"\\f[BIR]", "", text).replace(r"\-", "-")


@pytest.mark.parametrize("name", generate.PAGES)
def test_not_stale(name: str) -> None:
    written = (MAN / name).read_text(encoding="utf-8")
    assert written == generate.page(name), f"man/{name} is stale: run make man"


@pytest.mark.parametrize("name", generate.COMMANDS)
def test_each_option_is_documented(name: str) -> None:
    page = plain((MAN / f"{name.replace(' ', '-')}.1").read_text(encoding="utf-8"))
    for option in generate.options(generate.command(name)):
        assert option.help, f"{option.name} has no help text"
        for spelt in generate.names(option):
            assert re.search(rf"(?<![\w-]){re.escape(spelt)}(?![\w-])", page), f"{spelt} is not documented"


def test_each_command_is_documented() -> None:
    """Every click command of either tool belongs to the generator's list and to its page."""
    known = {generate.command(name) for name in generate.COMMANDS}
    for package in ("pawc", "pawrun"):
        module = importlib.import_module(f"{package}.cli")
        defined = {value for value in vars(module).values() if isinstance(value, click.Command)}
        assert defined <= known, f"{package}.cli has commands that no man page names"
    assert {cli.find_command(name) for name in cli.COMMANDS} <= known
    for name in generate.COMMANDS:
        assert name in plain((MAN / f"{name.replace(' ', '-')}.1").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", generate.PAGES)
def test_sections(name: str) -> None:
    headings = re.findall(r"^\.SH (.+)$", (MAN / name).read_text(encoding="utf-8"), re.MULTILINE)
    wanted = ["NAME", "DESCRIPTION", "SEE ALSO"]
    if name.endswith(".1"):
        wanted += ["SYNOPSIS", "OPTIONS", "EXIT STATUS", "EXAMPLES"]
    if name in ("pawc.1", "pawrun.1"):
        wanted += ["ENVIRONMENT", "FILES"]
    assert set(wanted) <= set(headings)


def test_each_setting_of_a_source_is_documented() -> None:
    page = plain((MAN / "paw.5").read_text(encoding="utf-8"))
    for key in (*frontmatter.KEYS, *frontmatter.OUTPUT_KEYS):
        assert re.search(rf"^\.B \[?{key}\]?$", page, re.MULTILINE), f"{key} is not documented"


def test_the_archive_is_documented() -> None:
    page = plain((MAN / "pawbin.5").read_text(encoding="utf-8"))
    assert pawbin.MAGIC.hex(" ") in page
    for kind in pawbin.CODECS:
        assert f".B {kind}\n" in page
    for key in manifest.KEYS[""]:
        assert re.search(rf"^\.BR? .*\b{key}\b", page, re.MULTILINE), f"{key} is not documented"


def test_each_warning_is_documented() -> None:
    page = plain((MAN / "pawc.1").read_text(encoding="utf-8"))
    for name in WARNINGS:
        assert f".B {name}\n" in page


@pytest.mark.skipif(shutil.which("groff") is None, reason="needs groff")
@pytest.mark.parametrize("name", generate.PAGES)
def test_roff_is_clean(name: str) -> None:
    command = ["groff", "-man", "-Tutf8", "-ww", "-z", str(MAN / name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
