"""What is right without a compiler: rules that see a spec's examples and the labels that `pawc` finds in it.

Each is a share of being right for every case of a record, which for a guess is its chance. A rule that has
nothing to go by answers nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pawformats import paw
from pawformats.errors import PawError
from pawformats.extras import need
from pawformats.values import Example

from pawc import labels
from pawc.driver import Toolbox

from .benchmark import Record


@dataclass(frozen=True)
class Seen:
    """What the rules see of a record: its spec's examples and the labels that are known, in order: declared,
    found in the prose, or else the examples' outputs."""

    examples: tuple[Example, ...]
    labels: tuple[str, ...]

    @property
    def majority(self) -> str | None:
        """The most frequent output of the examples; without any, the first label."""
        shown = Counter(example.output for example in self.examples)
        return shown.most_common(1)[0][0] if shown else self.labels[0] if self.labels else None


Rule = Callable[[Seen, Record], tuple[float, ...]]


def seen(record: Record, tools: Toolbox) -> Seen:
    """Nothing, for a spec that can't be read."""
    try:
        spec = paw.parse(record.spec.encode(), record.id)
    except PawError:
        return Seen((), ())
    shown = [example.output for example in spec.examples]
    known = spec.contract.labels or labels.infer(spec.description, shown, tools.encoder())
    known = known or tuple(dict.fromkeys(shown))
    return Seen(spec.examples, tuple(known))


def _right(answers: Sequence[str | None], record: Record) -> tuple[float, ...]:
    return tuple(float(answer == wanted) for answer, (_, wanted) in zip(answers, record.cases, strict=True))


def _majority(given: Seen, record: Record) -> tuple[float, ...]:
    return _right([given.majority] * len(record.cases), record)


def _random(given: Seen, record: Record) -> tuple[float, ...]:
    chance = 1 / max(1, len(given.labels))
    return tuple(chance if wanted in given.labels else 0.0 for _, wanted in record.cases)


def _nearest(given: Seen, record: Record) -> tuple[float, ...]:
    """The output of the example that shares most words."""

    def answer(text: str) -> str | None:
        own = _words(text)
        near = max(given.examples, key=lambda example: _overlap(own, _words(example.input)), default=None)
        return near.output if near else given.majority

    return _right([answer(text) for text, _ in record.cases], record)


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower()))


def _overlap(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / len(a | b) if a | b else 0.0


def _tfidf(given: Seen, record: Record) -> tuple[float, ...]:
    """TF-IDF of words and their pairs, and logistic regression, on the examples; of fewer than two different
    outputs there is nothing to learn but the majority."""
    if len({example.output for example in given.examples}) < 2:
        return _majority(given, record)
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    features = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"(?u)\b\w+\b")
    try:
        x = features.fit_transform([example.input for example in given.examples])
    except ValueError:  # no words at all
        return _majority(given, record)
    model = LogisticRegression(C=10.0, max_iter=2000).fit(x, [example.output for example in given.examples])
    return _right(list(model.predict(features.transform([text for text, _ in record.cases]))), record)


def _public(given: Seen, record: Record) -> tuple[float, ...]:
    """The label, or the output of the example, that is nearest by all-MiniLM-L6-v2 as it is."""
    choices = [(label, label) for label in given.labels]
    choices += [(example.input, example.output) for example in given.examples]
    if not choices:
        return _right([None] * len(record.cases), record)
    from .public import encode  # late, as it needs torch

    near = encode([text for text, _ in record.cases]) @ encode([text for text, _ in choices]).T
    return _right([choices[place][1] for place in near.argmax(axis=1)], record)


#: The rules by name; those of STRONG need the extra [eval] and the public encoder's package.
TRIVIAL: dict[str, Rule] = {"majority": _majority, "random label": _random, "nearest example": _nearest}
STRONG: dict[str, Rule] = {"TF-IDF + LR": _tfidf, "MiniLM nearest": _public}


def rules(strong: bool) -> dict[str, Rule]:
    """All that are asked for. Raises PawError if what the strong ones need is missing."""
    if not strong:
        return TRIVIAL
    need("eval", "a baseline needs")
    need("train", "a baseline needs")
    from .public import encode

    encode(["all is there"])
    return TRIVIAL | STRONG
