"""Write the completions for bash, zsh and fish from what the commands say of their options.

`python share/completions/generate.py` writes `pawc.bash`, `_pawc`, `pawc.fish` and those of pawrun beside
itself. They are plain text, so that a TAB starts no Python.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click

HERE = Path(__file__).parent
NOTE = "# Written by share/completions/generate.py: edit that."


def _man() -> dict[str, click.Command]:
    """Every command by its words, as the man pages have them."""
    spec = importlib.util.spec_from_file_location("man_generate", HERE.parents[1] / "man" / "generate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {name: module.command(name) for name in module.COMMANDS}


class Word(NamedTuple):
    """An option: its spelling, what it does in a few words, and its value: one of `choices`, or anything
    if it `takes` one. A value of `-O` is part of the word."""

    spelt: str
    told: str
    takes: bool
    choices: tuple[str, ...] = ()


def words(command: click.Command) -> Iterator[Word]:
    for option in command.get_params(click.Context(command)):
        if not isinstance(option, click.Option) or option.hidden:
            continue
        told = (option.help or "").split(". ")[0].replace("\n", " ").rstrip(".")
        takes = not (option.is_flag or option.count)
        choices = tuple(map(str, option.type.choices)) if isinstance(option.type, click.Choice) else ()
        for spelt in (*option.opts, *option.secondary_opts):
            if choices and len(spelt) == 2:
                yield from (Word(spelt + choice, told, False) for choice in choices)
            else:
                yield Word(spelt, told, takes, choices)


def parts(tool: str) -> dict[str, list[Word]]:
    """The options of a tool's commands, "" being its own."""
    return {
        name.removeprefix(tool).strip(): list(words(command))
        for name, command in _man().items()
        if name.split()[0] == tool
    }


def bash(tool: str) -> str:
    found = parts(tool)
    names = " ".join(name for name in found if name)
    lines = [
        NOTE,
        f"_{tool}() {{",
        "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command= words=",
        '    if [ "$cur" = = ]; then cur=; elif [ "$prev" = = ]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi',
        "    COMPREPLY=()",
    ]
    if names:
        lines += [
            f"    case ${{COMP_WORDS[1]}} in {names.replace(' ', '|')}) command=${{COMP_WORDS[1]}} ;; esac",
            '    [ "$COMP_CWORD" -eq 1 ] && command=',
        ]
    lines += ['    case "$command $prev" in']
    for name, options in found.items():
        for word in options:
            if word.choices:
                values = " ".join(word.choices)
                lines.append(f'        "{name} {word.spelt}") words="{values}" ;;')
        free = "|".join(f'"{name} {word.spelt}"' for word in options if word.takes and not word.choices)
        lines += [f"        {free}) return ;;"] if free else []
    lines += ['        *) case "$command $cur" in']
    for name, options in found.items():
        spelt = " ".join(word.spelt for word in options)
        lines.append(f'            "{name} -"*) words="{spelt}" ;;')
    lines += ["        esac ;;", "    esac", '    COMPREPLY=($(compgen -W "$words" -- "$cur"))']
    if names:
        lines += [
            '    if [ "$COMP_CWORD" -eq 1 ] && [ -z "$words" ]; then',
            "        local -a files",
            '        mapfile -t files < <(compgen -f -- "$cur")',
            f'        COMPREPLY=($(compgen -W "{names}" -- "$cur") "${{files[@]}}")',
            "    fi",
        ]
    lines += ["}", f"complete -o default -F _{tool} {tool}"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Within single quotes of zsh and fish, where neither expands anything."""
    return text.replace("\\", "").replace("'", "’")


def zsh(tool: str) -> str:
    found = parts(tool)
    lines = [f"#compdef {tool}", NOTE, f"_{tool}() {{", "    local command=", "    local -a commands options"]
    names = [name for name in found if name]
    if names:
        lines += [
            f"    commands=({' '.join(names)})",
            "    (( CURRENT > 2 && ${commands[(Ie)$words[2]]} )) && command=$words[2]",
        ]
    lines += ['    case "$command $words[CURRENT-1]" in']
    for name, options in found.items():
        for word in options:
            if word.takes:
                then = f"compadd {' '.join(word.choices)}" if word.choices else "_files"
                lines.append(f'        "{name} {word.spelt}") {then}; return ;;')
    lines += ["    esac", "    case $command in"]
    for name, options in found.items():
        lines.append(f'        "{name}") options=(')
        for word in options:
            colon = word.spelt.replace(":", "\\:")
            lines.append(f"            '{colon}:{_quoted(word.told)}'")
        lines.append("        ) ;;")
    lines += ["    esac"]
    if names:
        lines.append("    (( CURRENT == 2 )) && compadd -a commands")
    lines += [
        "    if [[ $words[CURRENT] == -* ]]; then _describe option options; else _files; fi",
        "}",
        f'_{tool} "$@"',
    ]
    return "\n".join(lines) + "\n"


def fish(tool: str) -> str:
    found = parts(tool)
    names = " ".join(name for name in found if name)
    lines = [NOTE]
    if names:
        lines.append(f"complete -c {tool} -n __fish_use_subcommand -a '{names}'")
    for name, options in found.items():
        where = (
            f"'__fish_seen_subcommand_from {name}'" if name else f"'not __fish_seen_subcommand_from {names}'"
        )
        condition = f" -n {where}" if names else ""
        for word in options:
            bare = word.spelt.lstrip("-")
            dashes = len(word.spelt) - len(bare)
            kind = "-l" if dashes == 2 else "-s" if len(bare) == 1 else "-o"
            value = f" -x -a '{' '.join(word.choices)}'" if word.choices else " -r" if word.takes else ""
            lines.append(f"complete -c {tool}{condition} {kind} '{bare}'{value} -d '{_quoted(word.told)}'")
    return "\n".join(lines) + "\n"


def files() -> dict[str, str]:
    """Every file's name and text."""
    made = {}
    for tool in ("pawc", "pawrun"):
        made |= {f"{tool}.bash": bash(tool), f"_{tool}": zsh(tool), f"{tool}.fish": fish(tool)}
    return made


def main() -> None:
    for name, text in files().items():
        (HERE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
