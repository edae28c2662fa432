"""The command `pawc`: options, one call, one place that prints errors."""

from __future__ import annotations

import sys

import click
from pawformats.errors import PawError


def explain(error: PawError) -> str:
    """`file:line:col: error: text`, the source line, a caret and a hint."""
    place = error.position
    where = f"{place.file}:{place.line}:{place.col}" if place else "pawc"
    lines = [f"{where}: error: {error.message}"]
    if place and error.source_line is not None:
        margin = "".join(char if char == "\t" else " " for char in error.source_line[: place.col - 1])
        lines += [f"  {error.source_line}", f"  {margin}^"]
    if error.hint:
        lines.append(f"{where}: hint: {error.hint}")
    return "\n".join(lines)


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80})
@click.argument("files", metavar="FILE.paw...", nargs=-1, required=True)
@click.option("-o", "output", metavar="FILE", help="Where the output goes; - is stdout.")
@click.option("-E", "stage", flag_value="spec", help="Stop after the normalised spec.")
@click.option("-S", "stage", flag_value="pseudo", help="Stop after the pseudo-program.")
@click.option("-c", "stage", flag_value="adapter", help="Write the adapter's GGUF only.")
@click.option("--syntax-only", "stage", flag_value="syntax", help="Check the source and write nothing.")
@click.option("-O", "level", type=click.IntRange(0, 1), default=1, show_default=True, help="0: no adapter.")
@click.option("--quant", type=click.Choice(["q4_0", "q8_0", "f16", "f32"]), default="q4_0", show_default=True)
@click.option("--target", default="nano", show_default=True, help="A target's name or its target.toml.")
@click.option("--no-infer-labels", is_flag=True, help="Take labels from the front matter only.")
@click.version_option(package_name="paw-toolchain", prog_name="pawc")
def compile_command(
    files: tuple[str, ...],
    output: str | None,
    stage: str | None,
    level: int,
    quant: str,
    target: str,
    no_infer_labels: bool,
) -> None:
    """Compile descriptions of fuzzy functions into programs.

    Exit status: 0 fine, 1 a source or file is bad, 2 wrong usage.
    """
    from .driver import run

    try:
        run(
            list(files),
            output=output,
            stop=stage or "program",  # type: ignore[arg-type]
            level=level,
            quant=quant,
            target_name=target,
            infer_labels=not no_infer_labels,
        )
    except PawError as error:
        click.echo(explain(error), err=True)
        sys.exit(2 if error.kind == "usage" else 1)


def main() -> None:
    aliases = {"-fsyntax-only": "--syntax-only", "-fno-infer-labels": "--no-infer-labels"}
    compile_command(args=[aliases.get(argument, argument) for argument in sys.argv[1:]])


if __name__ == "__main__":
    main()
