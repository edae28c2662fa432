"""Rows from a teacher, in two stages: inputs that a function may meet, then what it answers to each.

Inputs are asked for apart from answers, so that they are as varied as the world and not as the answers. What
breaks the contract is dropped, and what repeats an example, a test or another row.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence

from pawformats import canonical
from pawformats.errors import PawError
from pawformats.values import Example, Spec

from . import checks

#: Rows that are wanted; inputs of a question; rounds of both stages, of which some may be of no use.
WANTED, BATCH, ROUNDS = 128, 16, 16
#: Kinds of inputs, in turn: what a program meets is not only what its author thinks of.
_KINDS = (
    "typical inputs, as they occur every day",
    "unusual inputs: other topics, other lengths, other formats",
    "hard inputs, close to the border between two answers",
    "inputs as careless people or broken machines write them",
)

#: A question, a seed and a temperature to an answer.
Ask = Callable[[str, int, float], str]


def synthesise(spec: Spec, ask: Ask) -> tuple[Example, ...]:
    """At most WANTED rows for a spec. Raises PawError `teacher-useless` if not one is of use, and as `ask`
    does."""
    rows: dict[str, Example] = {}
    known = {_folded(pair.input) for pair in (*spec.examples, *spec.tests)}
    for number in range(ROUNDS):
        inputs = dict.fromkeys(_strings(ask(_first(spec, number, list(rows.values())), number, 1.0)))
        fresh = [given for given in inputs if given.strip() and _folded(given) not in known]
        if fresh:
            answers = _strings(ask(_second(spec, fresh), number, 0.0))
            if len(answers) == len(fresh):  # else nobody knows which belongs to which
                for row in _valid(spec, fresh, answers):
                    rows.setdefault(_folded(row.input), row)
        known |= rows.keys()
        if len(rows) >= WANTED:
            break
    if not rows:
        message = f"of what the teacher wrote in {ROUNDS} rounds nothing is of use"
        raise PawError("teacher-useless", message, hint="choose a larger model as a teacher")
    return tuple(rows.values())[:WANTED]


def _valid(spec: Spec, inputs: Sequence[str], answers: Sequence[str]) -> Iterator[Example]:
    for given, answer in zip(inputs, answers, strict=True):
        row = Example(given, answer)
        if not list(checks.outputs(spec, [("row", row)])) and (answer or spec.contract.kind == "free"):
            yield row


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _function(spec: Spec) -> str:
    """What a teacher is told of a function."""
    contract = spec.contract
    parts = [f"A text function is described so:\n\n{spec.description}"]
    if contract.labels:
        parts.append("Its answer is exactly one of: " + json.dumps(list(contract.labels), ensure_ascii=False))
    if contract.json_schema is not None:
        parts.append(f"Its answer is JSON of this schema: {contract.json_schema}")
    if contract.regex is not None:
        parts.append(f"Its answer matches this regular expression as a whole: {contract.regex}")
    shown = [{"input": pair.input, "output": pair.output} for pair in spec.examples]
    if shown:
        parts.append("Examples:\n" + "\n".join(json.dumps(pair, ensure_ascii=False) for pair in shown))
    return "\n\n".join(parts)


def _first(spec: Spec, number: int, rows: Sequence[Example]) -> str:
    kind = _KINDS[number % len(_KINDS)]
    asked = f"Write {BATCH} inputs for it: {kind}. Each must look like real data, and differ from the others."
    labels = spec.contract.labels
    if labels:
        counts = {label: sum(row.output == label for row in rows) for label in labels}
        rare = sorted(labels, key=lambda label: counts[label])[:4]
        asked += " Among them are some for the answers " + json.dumps(rare, ensure_ascii=False) + "."
    before = [row.input for row in rows[-BATCH:]]
    if before:
        asked += "\nDo not repeat any of these:\n" + "\n".join(json.dumps(given) for given in before)
    return f"{_function(spec)}\n\n{asked}\n\nReply with a JSON array of {BATCH} strings, and nothing else."


def _second(spec: Spec, inputs: Sequence[str]) -> str:
    listed = json.dumps(list(inputs), ensure_ascii=False, indent=1)
    return (
        f"{_function(spec)}\n\nApply it to each of these {len(inputs)} inputs, strictly as described:\n"
        f"{listed}\n\nReply with a JSON array of the {len(inputs)} answers as strings, in this order, "
        "and nothing else."
    )


def _strings(answer: str) -> list[str]:
    """The strings of the JSON array in an answer, whatever stands around it; none if there is no array."""
    begin, end = answer.find("["), answer.rfind("]")
    try:
        found = canonical.loads(answer[begin : end + 1]) if 0 <= begin < end else []
    except ValueError:
        return []
    assert isinstance(found, list)  # it begins with a bracket
    strings = [text.replace("\r\n", "\n") for text in found if isinstance(text, str)]
    strings = strings if len(strings) == len(found) else []
    return [text for text in strings if "\0" not in text and "\r" not in text]
