# ruff: noqa: E501 -- tables of templates read better one entry a line
"""Constraint checks on text, passwords, identifiers and versions; shortening of output."""

from __future__ import annotations

import json
import random
import string
from collections.abc import Callable
from dataclasses import dataclass

from pawtrainer.families import lexicon as lx
from pawtrainer.families import words as w
from pawtrainer.families.base import Function, Pair, family
from pawtrainer.families.events import EVENTS
from pawtrainer.families.logs import fixed_labels, shape_function
from pawtrainer.families.phrasing import (
    NONE_WORDS,
    SEPARATOR_NAMES,
    Kind,
    kind,
    label_function,
)

GROUP = "safety-and-verification"

PASS, FAIL = "pass PASS ok yes valid kept true accept", "fail FAIL bad no invalid broken false reject"
COMMON = tuple(["the", "a", "our", "new", "old", "blue", "quiet", "small", "market", "train", "garden", "letter", "window", "river", "office", "coffee", "report", "team", "project", "city", "bread", "stone", "winter", "music", "engine", "paper", "ticket", "sun", "cat", "dog", "road", "bridge", "school", "plan", "list", "water"])
VERBS = tuple(["opens", "closes", "needs", "finds", "holds", "likes", "shows", "takes", "brings", "keeps", "sells", "paints", "moves", "starts", "ends", "helps"])


@dataclass(frozen=True)
class Rule:
    """A checkable rule: how it is said, and its exact test."""

    said: tuple[str, ...]
    test: Callable[[str], bool]


def sentence(rng: random.Random) -> str:
    """Plain text of 1 to 12 words in varied dress."""
    how = rng.random()
    if how < 0.35:
        words = [rng.choice(COMMON) for _ in range(rng.randint(1, 4))] + [rng.choice(VERBS)] + [rng.choice(COMMON) for _ in range(rng.randint(1, 6))]
    elif how < 0.7:
        words = rng.choice(w.FILLER).split()
    else:
        words = [rng.choice(COMMON) for _ in range(rng.randint(1, 6))]
    if rng.random() < 0.3:
        words.insert(rng.randint(0, len(words)), str(rng.randrange(2, 400)))
    if rng.random() < 0.25 and len(words) > 2:
        words[rng.randrange(len(words) - 1)] += ","
    text = " ".join(words)
    text = rng.choice((text, w.cap(text), w.cap(text), text.upper() if rng.random() < 0.5 else text.lower()))
    return text.rstrip(".!?,") + rng.choice(("", "", ".", ".", "!", "?"))


def letters_only(text: str) -> str:
    return "".join(c for c in text if c.isalpha())


def draw_rule(rng: random.Random) -> Rule:
    n = rng.randrange(2, 10)
    word = rng.choice(COMMON[2:])
    letter = rng.choice("abcdegilmnoprstw")
    c = rng.randrange(10, 50)
    rules = (
        Rule((f"at most {n} words", f"no more than {n} words", f"max {n} words", f"{n} words or fewer"), lambda t: len(t.split()) <= n),
        Rule((f"at least {n} words", f"{n} words or more", f"min {n} words", f"no fewer than {n} words"), lambda t: len(t.split()) >= n),
        Rule((f"exactly {n} words", f"{n} words, no more and no less"), lambda t: len(t.split()) == n),
        Rule((f'must contain the word "{word}"', f'contains "{word}"', f'the word "{word}" occurs'), lambda t: word in t.lower().replace(",", "").rstrip(".!?").split()),
        Rule((f'must not contain the word "{word}"', f'never says "{word}"', f'without the word "{word}"'), lambda t: word not in t.lower().replace(",", "").rstrip(".!?").split()),
        Rule(("no digits", "must not contain a digit", "without numbers"), lambda t: not any(x.isdigit() for x in t)), Rule(("contains a number", "has at least one digit", "must name a number in digits"), lambda t: any(x.isdigit() for x in t)),
        Rule(("begins with a capital letter", "first character is upper case", "starts with an upper-case letter"), lambda t: t[:1].isupper()), Rule(("all in lower case", "no capital letters", "lower case only"), lambda t: t == t.lower()),
        Rule(("all letters are capitals", "in upper case throughout", "upper case only"), lambda t: letters_only(t) == letters_only(t).upper()), Rule(("ends with a full stop", "last character is a period", "must end in ."), lambda t: t.endswith(".")),
        Rule(("ends with a question mark", "must be closed by ?"), lambda t: t.endswith("?")), Rule(("no comma", "must not contain a comma", "without commas"), lambda t: "," not in t), Rule(("no exclamation mark", "must not contain !"), lambda t: "!" not in t),
        Rule((f"at most {c} characters", f"no longer than {c} characters", f"max {c} chars, blanks included"), lambda t: len(t) <= c), Rule((f'begins with the letter "{letter}" in either case', f'first letter is {letter} or {letter.upper()}'), lambda t: t[:1].lower() == letter),
        Rule((f'does not contain the letter "{letter}" in either case', f'no "{letter}" and no "{letter.upper()}" anywhere'), lambda t: letter not in t.lower()), Rule(("no punctuation at the end", "last character is a letter or digit"), lambda t: t[-1:].isalnum()),
        Rule(("no word twice", "all words differ, ignoring case"), lambda t: len(set(t.lower().rstrip(".!?").replace(",", "").split())) == len(t.split())), Rule(("a single line without digits and commas", "neither digits nor commas"), lambda t: "," not in t and not any(x.isdigit() for x in t)),
    )
    return rng.choice(rules)


def find_text(rng: random.Random, test: Callable[[str], bool], want: bool, writer: Callable[[random.Random], str] = sentence) -> str | None:
    for _ in range(60):
        text = writer(rng)
        if test(text) == want:
            return text
    return None


def balanced_rule(rng: random.Random) -> Rule:
    """A rule that plain sentences keep and break often enough."""
    while True:
        rule = draw_rule(rng)
        probe = random.Random(7)
        hits = sum(rule.test(sentence(probe)) for _ in range(40))
        if 4 <= hits <= 36:
            return rule


@family(GROUP)
def constraint_pair(rng: random.Random) -> Function:
    """Rule and text both in the input."""
    sep = rng.choice((" | ", " || ", " ## ", " => ", "\n", " >> ", " // "))
    rules = [balanced_rule(rng) for _ in range(12)]

    def make(rng: random.Random, key: str) -> str:
        while True:
            rule = rng.choice(rules)
            text = find_text(rng, rule.test, key == "pass")
            if text:
                return f"{rng.choice(rule.said)}{sep}{text}"

    shown = {"\n": "a line break"}.get(sep, f'"{sep.strip()}"')
    return label_function(rng, ["rule and a text", "line with a rule and a text", "constraint and text"], ["whether the text keeps the rule", "if the constraint holds"], [kind("pass", PASS, "the text keeps the rule", "the rule holds", "constraint satisfied"), kind("fail", FAIL, "the text breaks the rule", "the rule is violated", "constraint not met")], make,
                          rules=[[f"Rule and text are separated by <<{shown}>>", f"The rule stands before <<{shown}>>, the text after it"]], questions=["does the text keep the rule", "is the constraint satisfied", "does the text obey the rule in front of it"])


@family(GROUP)
def constraint_fixed(rng: random.Random) -> Function:
    """One or two rules in the spec; the input is the text alone."""
    rules = [balanced_rule(rng)]
    if rng.random() < 0.4:
        rules.append(balanced_rule(rng))

    def test(text: str) -> bool:
        return all(rule.test(text) for rule in rules)

    found = [find_text(rng, test, want) for want in (True, False)]
    if None in found or len({rule.said for rule in rules}) < len(rules):
        return constraint_fixed(rng)

    def make(rng: random.Random, key: str) -> str:
        return find_text(rng, test, key == "pass") or str(found[key != "pass"])

    said = [" and ".join(f"<<{rng.choice(rule.said)}>>" for rule in rules) for _ in range(4)]
    kinds = [kind("pass", PASS, "all is kept", "the text obeys", "it fits"), kind("fail", FAIL, "anything is broken", "it does not fit", "otherwise")]
    lead = ("Rule: {x}", "The text must fit this: {x}", "Requirement: {x}", "What is checked: {x}")
    return label_function(rng, ["text", "sentence", "line", "title", "caption"], ["whether it keeps the rule", "if the text fits the requirement"], kinds, make, plain=False, rules=[[rng.choice(lead).replace("{x}", x) for x in said]])


@family(GROUP)
def constraint_first_broken(rng: random.Random) -> Function:
    """Numbered rules: the number of the first one broken, or a word when all hold."""
    count = rng.choice((2, 3))
    rules = [balanced_rule(rng) for _ in range(count)]
    fine = rng.choice(("ok", "0", "OK", "none", "fine", "pass", "-"))
    codes = rng.choice(([str(i + 1) for i in range(count)], [f"R{i + 1}" for i in range(count)], list("ABC"[:count]), [f"E{i + 1}" for i in range(count)]))

    def answer(text: str) -> str:
        return next((code for code, rule in zip(codes, rules, strict=True) if not rule.test(text)), fine)

    seen = [answer(sentence(rng)) for _ in range(80)]
    if min(seen.count(key) for key in (*codes, fine)) < 4:
        return constraint_first_broken(rng)

    def make(rng: random.Random, key: str) -> str:
        while True:
            text = sentence(rng)
            if answer(text) == key:
                return text

    kinds = [Kind(code, (code,), tuple(f"broken: {said}" for said in rule.said)) for code, rule in zip(codes, rules, strict=True)] + [Kind(fine, (fine,), ("all rules are kept", "nothing is broken"))]
    first = ", then ".join(codes)
    return fixed_labels(rng, ["text", "sentence", "line"], ["the first rule that it breaks", "which rule is violated first"], kinds, make, [[f"If several are broken, the first one in the order <<{first}>> counts", f"Check in this order: <<{first}>>; report the first that is broken"]])


def password(rng: random.Random) -> str:
    pieces = [rng.choice(w.FRUIT), rng.choice(w.FIRST), str(rng.randrange(1, 9999)), rng.choice("!#$%&*?-_"), "".join(rng.choice(string.ascii_letters) for _ in range(rng.randrange(2, 7))), "".join(rng.choice(string.ascii_letters + string.digits + "!#$%") for _ in range(rng.randrange(4, 12))), "password", " "]
    text = "".join(rng.sample(pieces[:6] if rng.random() < 0.85 else pieces, rng.randint(1, 3)))
    return rng.choice((text, text, text.lower(), text.upper(), text.capitalize())).strip() or "abc"


def password_rule(rng: random.Random) -> Rule:
    n = rng.randrange(6, 14)
    return rng.choice((
        Rule((f"at least {n} characters", f"{n} characters or more", f"min length {n}"), lambda t: len(t) >= n), Rule(("at least one digit", "contains a digit", "has a number"), lambda t: any(c.isdigit() for c in t)), Rule(("at least one capital letter", "an upper-case letter", "has a capital"), lambda t: any(c.isupper() for c in t)),
        Rule(("at least one small letter", "a lower-case letter"), lambda t: any(c.islower() for c in t)), Rule(("a special character (neither letter, digit nor blank)", "at least one symbol such as ! or #"), lambda t: any(not c.isalnum() and c != " " for c in t)), Rule(("no blanks", "must not contain spaces"), lambda t: " " not in t),
        Rule((f"at most {n + 2} characters", f"no longer than {n + 2} characters"), lambda t: len(t) <= n + 2), Rule(("does not end in a digit", "last character is no digit"), lambda t: not t[-1].isdigit()), Rule(("begins with a letter", "first character is a letter"), lambda t: t[0].isalpha()),
    ))


@family(GROUP)
def password_check(rng: random.Random) -> Function:
    count = rng.randint(2, 3)
    rules: list[Rule] = []
    while len(rules) < count:
        rule = password_rule(rng)
        if all(rule.said[0].split()[0:2] != other.said[0].split()[0:2] or "digit" in rule.said[0] for other in rules) and rule.said not in [r.said for r in rules]:
            rules.append(rule)

    def test(text: str) -> bool:
        return all(rule.test(text) for rule in rules)

    if find_text(rng, test, True, password) is None or find_text(rng, test, False, password) is None:
        return password_check(rng)

    def make(rng: random.Random, key: str) -> str:
        while True:
            text = find_text(rng, test, key == "ok", password)
            if text:
                return text

    said = ["; ".join(rng.choice(rule.said) for rule in rules) for _ in range(4)]
    kinds = [kind("ok", "ok strong valid yes accept OK", "all rules are met", "the password is accepted"), kind("bad", "weak bad invalid no reject WEAK", "a rule is not met", "the password is refused")]
    return label_function(rng, ["password", "new password", "passphrase"], ["whether it meets the rules", "if it is good enough"], kinds, make, plain=False, rules=[[f"Rules: <<{x}>>" for x in said] + [f"It needs: <<{said[0]}>>"]])


@family(GROUP)
def password_reason(rng: random.Random) -> Function:
    """The code of the first rule that a password misses."""
    rules: list[Rule] = []
    while len(rules) < 3:
        rule = password_rule(rng)
        if rule.said[0].split()[:2] not in [r.said[0].split()[:2] for r in rules]:
            rules.append(rule)
    codes = rng.choice((["1", "2", "3"], ["A", "B", "C"], ["P1", "P2", "P3"], rng.sample(("short", "plain", "weak", "form", "poor", "shape"), 3)))
    fine = rng.choice(("ok", "OK", "good", "0", "fine"))

    def answer(text: str) -> str:
        return next((code for code, rule in zip(codes, rules, strict=True) if not rule.test(text)), fine)

    seen = [answer(password(rng)) for _ in range(80)]
    if min(seen.count(key) for key in (*codes, fine)) < 4:
        return password_reason(rng)

    def make(rng: random.Random, key: str) -> str:
        while True:
            text = password(rng)
            if answer(text) == key:
                return text

    kinds = [Kind(code, (code,), tuple(f"it lacks this: {said}" for said in rule.said)) for code, rule in zip(codes, rules, strict=True)] + [Kind(fine, (fine,), ("every rule is met", "nothing to complain about"))]
    return fixed_labels(rng, ["password", "new password"], ["the first rule that it misses", "the complaint"], kinds, make, [[f"The first miss in the order <<{', '.join(codes)}>> counts"]])


@dataclass(frozen=True)
class Shape:
    """An identifier pattern: pieces of (alphabet, count) or literal text."""

    said: str
    pieces: tuple[tuple[str, int], ...]


NAMES = {"A": "capital letter", "a": "small letter", "9": "digit", "x": "hex digit (0-9 a-f)"}
ALPHABETS = {"A": string.ascii_uppercase, "a": string.ascii_lowercase, "9": string.digits, "x": "0123456789abcdef"}
COUNTS = ("", "one", "two", "three", "four", "five", "six")
GLUE = {"-": "a dash", "/": "a slash", ".": "a dot", "#": "a #", "_": "an underscore", ":": "a colon"}


def draw_shape(rng: random.Random) -> Shape:
    pieces: list[tuple[str, int]] = []
    said = []
    parts = rng.randint(2, 3)
    glue = rng.choice(list(GLUE))
    for at in range(parts):
        alphabet = rng.choice([k for k in "AAa999x" if not pieces or k != pieces[-1][0]])
        count = rng.randint(1, 5)
        if at and rng.random() < 0.75:
            pieces.append((glue, 0))
            said.append(GLUE[glue])
        pieces.append((alphabet, count))
        said.append(f"{COUNTS[count]} {NAMES[alphabet]}{'s' if count > 1 and alphabet != 'x' else ''}" if not (alphabet == "x" and count > 1) else f"{COUNTS[count]} hex digits (0-9 a-f)")
    return Shape(", ".join(said), tuple(pieces))


def of_shape(rng: random.Random, shape: Shape) -> str:
    return "".join(piece if not count else "".join(rng.choice(ALPHABETS[piece]) for _ in range(count)) for piece, count in shape.pieces)


def fits(shape: Shape, text: str) -> bool:
    at = 0
    for piece, count in shape.pieces:
        if not count:
            if text[at : at + 1] != piece:
                return False
            at += 1
        else:
            part = text[at : at + count]
            if len(part) < count or any(c not in ALPHABETS[piece] for c in part):
                return False
            at += count
    return at == len(text)


def near_shape(rng: random.Random, shape: Shape) -> str:
    """A near miss: one slip away from the shape."""
    while True:
        text = of_shape(rng, shape)
        at = rng.randrange(len(text))
        made = rng.choice((text[:at] + text[at + 1 :], text[:at] + rng.choice(string.ascii_letters + string.digits + "-") + text[at:], text[:at] + rng.choice(string.ascii_letters + string.digits) + text[at + 1 :], text.swapcase(), text + rng.choice("0aX"), text.replace("-", "_").replace("/", "-")))
        if made and not fits(shape, made):
            return made


@family(GROUP)
def identifier_shape(rng: random.Random) -> Function:
    shape = draw_shape(rng)
    thing = rng.choice(("article code", "ticket id", "part number", "serial number", "licence code", "booking code", "room code", "device id"))
    example = of_shape(rng, shape)

    def make(rng: random.Random, key: str) -> str:
        return of_shape(rng, shape) if key == "ok" else near_shape(rng, shape)

    kinds = [kind("ok", "valid ok yes VALID good true", "it has exactly this form", "the form fits"), kind("bad", "invalid bad no INVALID wrong false", "it differs in any way", "the form is wrong")]
    return label_function(rng, [thing, "code", "id"], ["whether the form is right", f"if the {thing} is well formed"], kinds, make, plain=False, rules=[[f"The form is <<{shape.said}>>", f"Form: <<{shape.said}>> (like <<{example}>>)", f"A right one is <<{shape.said}>>"]])


@family(GROUP)
def version_bound(rng: random.Random) -> Function:
    """Does a version fit a stated range?"""
    low = (rng.randrange(1, 4), rng.randrange(0, 12), 0)
    high = (low[0] + rng.choice((0, 1)), low[1] + rng.randrange(1, 6), 0) if rng.random() < 0.6 else None

    def inside(v: tuple[int, int, int]) -> bool:
        return v >= low and (high is None or v < high)

    def make(rng: random.Random, key: str) -> str:
        while True:
            near = rng.choice((low, high or low))
            v = (max(0, near[0] + rng.choice((-1, 0, 0, 0, 1))), max(0, near[1] + rng.choice((-2, -1, 0, 0, 1, 2, 9))), rng.choice((0, 0, 1, 5, 12)))
            if inside(v) == (key == "ok"):
                shown = ".".join(map(str, v))
                return rng.choice((shown, f"v{shown}", f"{rng.choice(lx.LIBS)} {shown}", f"{rng.choice(lx.LIBS)}=={shown}", f"{rng.choice(lx.HOSTS)} runs {shown}", f"version {shown}"))

    a, b = (".".join(map(str, x[:2])) for x in (low, high or low))
    said = (f">={a},<{b}", f"at least {a} and below {b}", f"from {a} up to, not including, {b}") if high else (f">={a}", f"at least {a}", f"{a} or newer")
    kinds = [kind("ok", "ok supported yes fits OK", *(f"version {x}" for x in said)), kind("bad", "unsupported bad no old BAD", "any other version", "outside of the range")]
    return label_function(rng, ["version", "package version", "version line"], ["whether the version is supported", "if it fits the range"], kinds, make, plain=False, rules=[["Compare part by part as numbers (1.10 is newer than 1.9)", "Parts compare as numbers, so 2.10 > 2.9"]])


@family(GROUP)
def change_window(rng: random.Random) -> Function:
    """May a change start now? Weekdays and hours from the spec."""
    days = w.WEEKDAYS
    first, last = sorted(rng.sample(range(7), 2))
    start, end = rng.randrange(0, 12), rng.randrange(13, 24)
    flip = rng.random() < 0.3
    span = f"{days[first]} to {days[last]} from {start:02d}:00 to {end:02d}:00"

    def make(rng: random.Random, key: str) -> str:
        while True:
            day, hour, minute = rng.randrange(7), rng.choice((rng.randrange(24), start, end - 1, end)), rng.choice((0, 15, 30, 59))
            inside = first <= day <= last and start <= hour < end
            if (inside != flip) == (key == "yes"):
                name = rng.choice((days[day], days[day][:3]))
                return rng.choice((f"{name} {hour:02d}:{minute:02d}", f"deploy {rng.choice(lx.SERVICES)} on {name} at {hour:02d}:{minute:02d}", f"change {rng.randrange(100, 999)}: {name}, {hour:02d}:{minute:02d}", f"{hour:02d}:{minute:02d} {name}"))

    inside_said, outside_said = (f"within {span}", f"{span}"), ("at any other time", "outside of these hours")
    kinds = [kind("yes", "go yes allow open GO", *(outside_said if flip else inside_said)), kind("no", "wait no deny closed STOP", *(inside_said if flip else outside_said))]
    return label_function(rng, ["change request", "planned time", "deployment time"], ["whether the change may start", "the decision"], kinds, make, plain=False, rules=[["The end time itself is outside", f"{end:02d}:00 itself is already outside"]])


# ---------------------------------------------------------------------------------------------------------
# shortening of output


@family(GROUP)
def shorten_ids(rng: random.Random) -> Function:
    """Long hashes cut to a drawn length, the rest kept."""
    keep, tail = rng.randrange(4, 10), rng.choice(("", "", "…", "..", "~"))
    templates = ("commit {x} by {user}", "deploying {x} to {ns}", "image sha256:{x} pulled", "{x}", "HEAD is now at {x}", "snapshot {x} saved ({size})", "merge {x} into {branch}", "blob {x} is missing", "object {x} verified", "reverted {x}")

    def sample(rng: random.Random) -> Pair:
        if rng.random() < 0.12:
            text = lx.put(rng, rng.choice(("user {user} logged in", "build {n} passed", "nothing to commit", "{n} files changed")))
            return text, text
        value = lx.hexa(rng, 40)
        line = lx.put(rng, rng.choice(templates).replace("{x}", "\1"))
        return line.replace("\1", value), line.replace("\1", value[:keep] + tail)

    rules = [["[keep|leave] the rest [unchanged|as it is]", "nothing else changes"]]
    if tail:
        rules.append(["then add {tail}", "followed by {tail}"])
    return shape_function(rng, sample, ["a line with a commit hash", "a log line with a long hash"], ["shorten [every|each] 40-digit hash to its first {keep} characters", "cut long hashes (40 hex digits) to {keep} characters"], ["40-digit hash -> first {keep} characters"], rules, keep=str(keep), tail=tail)


@family(GROUP)
def head_words(rng: random.Random) -> Function:
    n = rng.randrange(2, 8)
    mark = rng.choice(("...", "…", " [cut]", " (more)", " >>", "", " etc."))
    unit = rng.choice(("words", "words", "characters"))
    count = n if unit == "words" else n * 4

    def sample(rng: random.Random) -> Pair:
        text = " ".join(w.filler(rng) for _ in range(rng.choice((1, 1, 2)))) if rng.random() < 0.5 else lx.put(rng, rng.choice([e.template for e in EVENTS if len(e.template) < 90]))
        if rng.random() < 0.2:
            text = " ".join(text.split()[: rng.randint(1, n)])
        if unit == "words":
            words = text.split()
            return " ".join(words), " ".join(words[:n]) + (mark if len(words) > n else "")
        if text[count - 1 : count] == " ":
            return sample(rng)
        return text, text[:count] + (mark if len(text) > count else "")

    rules = [["if anything is cut, add \"{mark}\" without the quotes", "when something was cut off, append \"{mark}\" (no quotes)"]] if mark else []
    rules.append(["shorter text stays as it is", "leave shorter text alone"])
    return shape_function(rng, sample, ["a line of text", "a message", "a title"], ["keep [only|just] the first {limit} {unit}", "cut [it|the text] after {limit} {unit}", "shorten [it|the text] to {limit} {unit}"], ["first {limit} {unit}", "text -> at most {limit} {unit}"], rules, limit=str(count), unit=unit, mark=mark)


@family(GROUP)
def collapse_repeats(rng: random.Random) -> Function:
    """Equal neighbours folded with a count in a drawn form."""
    form = rng.choice(("{t} (x{n})", "{t} x{n}", "{n}x {t}", "{t} *{n}", "{t} [{n} times]", "{n} {t}", "({n}) {t}"))
    singles = form != "{n} {t}" and rng.random() < 0.85
    sep = rng.choice((" ", ", ", " | ", "; ", "\n"))
    pool = rng.choice((("ok", "fail", "retry", "timeout", "skip"), ("GET", "POST", "PUT", "DELETE"), ("read", "write", "grep", "test", "build"), ("ping", "pong", "lost"), ("a", "b", "c", "d"), ("up", "down", "flap")))

    def sample(rng: random.Random) -> Pair:
        runs: list[tuple[str, int]] = []
        while len(runs) < rng.randint(1, 4):
            runs.append((rng.choice([p for p in pool if not runs or p != runs[-1][0]]), rng.choice((1, 1, 2, 2, 3, 4, 5))))
        given = sep.join(t for t, n in runs for _ in range(n))
        return given, sep.join(t if n == 1 and singles else form.replace("{t}", t).replace("{n}", str(n)) for t, n in runs)

    shown = form.replace("{t}", "ITEM").replace("{n}", "N")
    rules = [["items that stand alone stay [as they are|unchanged]", "single items get no number"]] if singles else [["also for single items", "single items too, with 1"]]
    rules.append(["items are separated by {sep}, also in the answer", "keep {sep} as separator"])
    return shape_function(rng, sample, ["a list of events", "a sequence of items"], ["fold neighbours that are equal into {shown}", "[replace|write] each run of equal items as {shown}", "collapse repeats to {shown}"], ["runs of equal items -> {shown}"], rules, shown=shown, sep=rng.choice(SEPARATOR_NAMES[sep]))


@family(GROUP)
def json_redact(rng: random.Random) -> Function:
    """Values of drawn keys in a JSON object removed or masked."""
    keys = rng.sample(("password", "token", "email", "phone", "ip", "ssn", "card", "session", "secret"), rng.randint(1, 3))
    drop = rng.random() < 0.35
    mark = rng.choice(("***", "[hidden]", "x", "", "REDACTED", "-"))
    others = ("user", "id", "ok", "path", "count", "host", "level", "city", "status")

    def sample(rng: random.Random) -> Pair:
        names = rng.sample(others, rng.randint(1, 3)) + rng.sample(keys, rng.randint(1 if rng.random() < 0.85 else 0, len(keys)))
        spare = [k for k in ("password", "token", "email", "phone", "ip") if k not in keys]
        if rng.random() < 0.3:
            names.append(rng.choice(spare))
        rng.shuffle(names)
        value: dict[str, object] = {}
        for name in names:
            value[name] = {"id": rng.randrange(1, 900), "count": rng.randrange(50), "ok": rng.random() < 0.5, "status": rng.choice((200, 404, 500)), "ip": lx.ip(rng), "email": w.email(rng), "phone": w.phone(rng), "host": rng.choice(lx.HOSTS), "path": "/" + rng.choice(lx.DBS), "user": rng.choice(lx.USERS)}.get(name, lx.hexa(rng, 6))
        made = {k: mark if k in keys else v for k, v in value.items() if not (drop and k in keys)}
        return json.dumps(value), json.dumps(made)

    listed = ", ".join(keys)
    does = ["remove the keys {listed} [from the JSON|]", "drop {listed} and keep all other keys"] if drop else ["set the value of {listed} to {mark}", "replace the values of {listed} [by|with] {mark}"]
    return shape_function(rng, sample, ["a JSON object", "a JSON log record"], does, ["JSON without {listed}"] if drop else ["JSON, {listed} -> {mark}"], [["keep order and all else", "the rest stays as it is, in the same order"], ["keys that are missing don't matter", "not every record has all of them"]], "json", listed=listed, mark=json.dumps(mark))


@family(GROUP)
def range_check(rng: random.Random) -> Function:
    """Fields of a record against stated ranges: the names out of range."""
    pool = {"age": (0, 120), "humidity": (0, 100), "month": (1, 12), "hour": (0, 23), "score": (1, 10), "ph": (0, 14), "percent": (0, 100), "floor": (-2, 40), "speed": (0, 130), "seats": (1, 9)}
    names = rng.sample(list(pool), rng.randint(2, 3))
    bounds = {n: (pool[n][0] + rng.choice((0, 0, 1, 2)), pool[n][1] - rng.choice((0, 0, 1, 2))) for n in names}
    fine, sep = rng.choice(("ok", "OK", "valid", "none", "-", *NONE_WORDS[:2])), rng.choice((",", ", ", " "))

    def sample(rng: random.Random) -> Pair:
        values = {}
        for n in names:
            low, high = bounds[n]
            values[n] = rng.choice((low, high, rng.randint(low, high), rng.randint(low, high))) if rng.random() < 0.65 else rng.choice((low - 1, high + 1, high + rng.randrange(2, 60), low - rng.randrange(1, 9)))
        form, join = rng.choice((("{k}={v}", " "), ("{k}: {v}", ", "), ("{k} {v}", "; ")))
        text = join.join(form.replace("{k}", k).replace("{v}", str(v)) for k, v in values.items())
        return text, sep.join(n for n in names if not bounds[n][0] <= values[n] <= bounds[n][1]) or fine

    listed = ", ".join(f"{n} {bounds[n][0]} to {bounds[n][1]}" for n in names)
    return shape_function(rng, sample, ["a record with numbers", "a line of sensor or form values"], ["[list|print|name] the fields that are out of range ({listed}, bounds included)", "which fields are outside of their range? {listed}; both ends are allowed"], ["fields out of range; ranges {listed}, ends included"], [["{fine} if all are in range", "nothing wrong: {fine}"], ["in the order of the record, separated by {sep}", "separator {sep}, order of the record"]], "list", listed=listed, fine=fine, sep={",": "a comma without blank", ", ": "comma and blank", " ": "a blank"}[sep])
