"""Write the man pages: hand-written templates (`*.in`) with OPTIONS filled in from the commands.

`python man/generate.py` writes `pawc.1` and the others beside their templates. In a template, a line
`@OPTIONS name@` becomes the options of that command, `@VERSION@` the version of the distribution.
"""

from __future__ import annotations

import importlib
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT), str(ROOT / "formats"), str(ROOT / "trainer")]

PAGES = tuple(sorted(path.stem for path in HERE.glob("*.in")))

#: Where each command's options are declared.
COMMANDS = {
    "pawrun": "pawrun.cli:main",
    "pawc": "pawc.cli:compile_command",
    **{
        f"pawc {name}": f"pawc.commands.{module}:command"
        for name, module in importlib.import_module("pawc.cli").COMMANDS.items()
    },
}

_OPTIONS = re.compile(r"^@OPTIONS (.+)@$", re.MULTILINE)


def command(name: str) -> click.Command:
    module, _, attribute = COMMANDS[name].partition(":")
    found = getattr(importlib.import_module(module), attribute)
    assert isinstance(found, click.Command)
    return found


def roff(text: str) -> str:
    """Plain text as roff: no character is taken for a request or an escape."""
    text = text.replace("\\", r"\e").replace("-", r"\-").replace("^", r"\(ha").replace("~", r"\(ti")
    return re.sub(r"^([.'])", r"\\&\1", text, flags=re.MULTILINE)


def options(of: click.Command) -> Iterator[click.Option]:
    """The options that a user can see, in the order of `--help`."""
    context = click.Context(of)
    for parameter in of.get_params(context):
        if isinstance(parameter, click.Option) and not parameter.hidden:
            yield parameter


def names(option: click.Option) -> list[str]:
    return [*option.opts, *option.secondary_opts]


def option_text(option: click.Option) -> str:
    """An option as a tagged paragraph."""
    spelt = ", ".join(rf"\fB{roff(name)}\fR" for name in names(option))
    if not option.is_flag and not option.count:
        choices = "|".join(map(str, option.type.choices)) if isinstance(option.type, click.Choice) else None
        spelt += rf" \fI{roff(option.metavar or choices or option.type.name.upper())}\fR"
    told = (option.help or "").strip()
    if option.show_default:
        told += f" The default is {option.default}."
    return f".TP\n{spelt}\n{roff(told)}"


def options_text(of: click.Command) -> str:
    """All options of a command, under headings where its help has them."""
    groups: dict[str, list[click.Option]] = {}
    titles = {option: title for title, group in getattr(of, "groups", {}).items() for option in group}
    for option in options(of):
        groups.setdefault(titles.get(option, "Other" if titles else ""), []).append(option)
    lines = []
    for title, group in groups.items():
        lines += [*([f".SS {title}"] if title else []), *map(option_text, group)]
    return "\n".join(lines)


def page(name: str) -> str:
    """The text of a man page."""
    template = (HERE / f"{name}.in").read_text(encoding="utf-8")
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    text = _OPTIONS.sub(lambda found: options_text(command(found[1])), template)
    note = f'.\\" Written by man/generate.py from {name}.in: edit that.\n'
    return note + text.replace("@VERSION@", version)


def main() -> None:
    for name in PAGES:
        (HERE / name).write_text(page(name), encoding="utf-8")


if __name__ == "__main__":
    main()
