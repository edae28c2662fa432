"""How tests went: for people, as JSON, and as the XML that JUnit made common."""

from __future__ import annotations

import difflib
import statistics
from collections.abc import Iterator, Sequence
from typing import Any
from xml.etree import ElementTree as xml

from pawformats.values import Example

from . import tables
from .diagnostics import display_name, printable
from .suites import Tested
from .testing import Result, Suite

_COLOURS = {"-": "31", "+": "32"}
#: Longest input in the line above a difference, in characters.
_LONGEST = 100


def show(tested: Sequence[Tested], colour: bool) -> None:
    """Each failure as a difference from the expected answer to the program's, then a table of the files."""
    for one in tested:
        for index, result in enumerate(one.suite.results, 1):
            if not result.passed:
                print("\n".join(_difference(one.suite, index, result, colour)))
    ran = [one for one in tested if one.suite.results]
    if ran:
        rows = [_counts(one.suite.file, one.suite.passed, len(one.suite.results)) for one in ran]
        tables.show(("file", "tests", "passed", "%"), rows)
    for one in ran:
        if one.phrasings:
            _show_phrasings(one)


def _difference(suite: Suite, index: int, result: Result, colour: bool) -> Iterator[str]:
    given = result.test.input.split("\n")
    first = given[0] + (" …" if len(given) > 1 else "")
    yield f"{place(suite, index, result.test)}: {printable(first[:_LONGEST])}"
    answer = result.reply.answer
    if answer is None:
        yield f"no answer: {printable(result.reply.error or '')}"
    wanted, got = result.test.output.split("\n"), [] if answer is None else answer.split("\n")
    for line in list(difflib.unified_diff(wanted, got, lineterm="", n=1))[3:]:
        paint = _COLOURS.get(line[0]) if colour else None
        yield f"\033[{paint}m{printable(line)}\033[0m" if paint else printable(line)


def _counts(name: str, passed: int, of: int) -> tuple[str, ...]:
    return (name, str(of), str(passed), f"{100 * passed / of:.1f}")


def _show_phrasings(one: Tested) -> None:
    """How far the phrasings of a spec swing, and which tests they flip."""
    of = len(one.suite.results)
    print()
    rows = [_counts("as written", one.suite.passed, of)]
    rows += [_counts(str(each.seed), sum(each.passed), of) for each in one.phrasings]
    tables.show((f"{one.suite.file}, phrasing", "tests", "passed", "%"), rows, ends=(0,))
    mean, low, high = (100 * figure for figure in swing(one))
    print(f"{one.suite.file}: mean {mean:.1f} %, from {low:.1f} to {high:.1f} over the phrasings")
    for each in one.phrasings:
        if each.error:
            print(f"phrasing {each.seed} can't be run: {each.error}")
    for index, test, passed in one.flips():
        wordings = len(one.phrasings) + 1
        print(f"{place(one.suite, index, test)}: flips: passes under {passed} of {wordings} wordings")


def swing(one: Tested) -> tuple[float, float, float]:
    """Mean, least and greatest share of passed tests over the phrasings."""
    shares = [phrasing.share for phrasing in one.phrasings]
    return statistics.mean(shares), min(shares), max(shares)


def place(suite: Suite, index: int, test: Example) -> str:
    """Where a test stands; its number from 1, if it comes from a program."""
    position = test.position
    return f"{display_name(position.file)}:{position.line}" if position else f"{suite.file}: test {index}"


def plain(tested: Sequence[Tested]) -> list[dict[str, Any]]:
    """All of it as plain data, for JSON."""
    return [_plain(one) for one in tested]


def _plain(one: Tested) -> dict[str, Any]:
    suite = one.suite
    tests = [
        {
            "line": result.test.position.line if result.test.position else None,
            "input": result.test.input,
            "expected": result.test.output,
            "answer": result.reply.answer,
            "error": result.reply.error,
            "passed": result.passed,
        }
        for result in suite.results
    ]
    found = {"file": suite.file, "passed": suite.passed, "share": suite.share, "error": suite.error}
    if not one.phrasings:
        return {**found, "tests": tests}
    mean, low, high = swing(one)
    phrasings = [
        {"seed": each.seed, "share": each.share, "passed": list(each.passed), "error": each.error}
        for each in one.phrasings
    ]
    flips = [{"test": index, "passes": passed} for index, _, passed in one.flips()]
    variance = {"mean": mean, "min": low, "max": high, "flips": flips, "phrasings": phrasings}
    return {**found, "tests": tests, "variance": variance}


def junit(tested: Sequence[Tested]) -> bytes:
    """A document with a testsuite for each file; a file that could not be tested is one with an error."""
    root = xml.Element("testsuites")
    for one in tested:
        root.append(_testsuite(one.suite))
    xml.indent(root)
    document: bytes = xml.tostring(root, "utf-8", xml_declaration=True)
    return document + b"\n"


def _testsuite(suite: Suite) -> xml.Element:
    broken = sum(result.reply.answer is None for result in suite.results)
    node = xml.Element(
        "testsuite",
        name=_xml(suite.file),
        tests=str(max(1, len(suite.results))),
        failures=str(len(suite.results) - suite.passed - broken),
        errors=str(broken + (suite.error is not None)),
        time=f"{suite.seconds:.3f}",
    )
    if suite.error is not None:
        case = xml.SubElement(node, "testcase", classname=_xml(suite.file), name="compile")
        xml.SubElement(case, "error", message=_xml(suite.error))
    for index, result in enumerate(suite.results, 1):
        name = place(suite, index, result.test)
        case = xml.SubElement(node, "testcase", classname=_xml(suite.file), name=_xml(name))
        if result.reply.answer is None:
            xml.SubElement(case, "error", message=_xml(result.reply.error or "no answer"))
        elif not result.passed:
            failure = xml.SubElement(case, "failure", message="another answer than the expected one")
            lines = list(_difference(suite, index, result, colour=False))
            failure.text = "\n".join(map(_xml, lines))
    return node


def _xml(text: str) -> str:
    """Text without the characters that XML has no way to write."""
    shown = "\n".join(map(printable, text.split("\n")))
    return "".join("\N{REPLACEMENT CHARACTER}" if c in "\ufffe\uffff" else c for c in shown)


def failed(tested: Sequence[Tested], least: float) -> bool:
    """Whether of some file's tests fewer than the share `least` passed."""
    return any(one.suite.results and one.suite.share < least for one in tested)
