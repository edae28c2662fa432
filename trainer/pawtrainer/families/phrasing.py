# ruff: noqa: E501, SIM905 -- tables of wordings read better one entry a line
"""Wording of specs: a small template language, and builders that multiply template parts.

Template language: `[a|b|]` picks one alternative (may nest), `{name}` inserts a slot. Slots are
protected: styles (lower case, typos) never touch what they insert, so labels, keys, formats and
code go into slots; `{~name}` inserts prose that styles may touch. A slot that holds a list or a
tuple gives one of its items at each use.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pawtrainer.families.base import Function, Pair
from pawtrainer.families.words import typo

Slot = str | Sequence[str]
Node = str | tuple[str, bool] | list["list[Node]"]

_TOKEN = re.compile(r"[\[\]|]|\{~?\w+\}|[^\[\]|{}]+|.", re.S)
_LOOSE_STOP = re.compile(r"(?<=[a-z)]) +([.,;:?](?=\s|$))")
_ARTICLE = re.compile(r"\b([Aa]) (?=[aeio][a-z]{2})(?!one\b|on\b)")
_SENTENCE = re.compile(r"((?:[.!?]\s+|: (?=classify|fix|turn)|\n(?:[-*] |\d\. )?))([a-z])")

# harmless context before a spec
INTROS = ("We run a small shop. ", "This is for our help desk. ", "I sort old files. ", "It feeds a spreadsheet, so be exact. ", "Used in a shell pipe. ", "We clean up customer data. ", "For a nightly job. ",
          "I have thousands of these. ", "The data comes from many people. ", "For our dashboard. ", "A colleague typed these by hand. ", "We are a city library. ", "It's for a school project. ", "Read carefully. ", "Small task: ", "Quick one. ", "Part of an import script. ")
# endings that ask for the bare answer; the empty ones keep specs short
ONLY = ("", "", "", "Only the result.", "Nothing else.", "No explanation.", "Output only that.", "Print just the answer.",
        "Answer only, no comments.", "Give nothing but the result.", "No extra text.", "Return only the answer.")


@lru_cache(maxsize=20000)
def _parse(template: str) -> list[Node]:
    tokens = _TOKEN.findall(template)

    def sequence(at: int, depth: int) -> tuple[list[Node], int]:
        nodes: list[Node] = []
        while at < len(tokens):
            token = tokens[at]
            if token == "[":
                choices: list[list[Node]] = []
                while True:
                    inner, at = sequence(at + 1, depth + 1)
                    choices.append(inner)
                    if tokens[at] == "]":
                        break
                nodes.append(choices)
            elif depth and token in "|]":
                return nodes, at
            elif len(token) > 2 and token[0] == "{":
                nodes.append((token[1:-1].lstrip("~"), token[1] == "~"))
            else:
                nodes.append(token)
            at += 1
        if depth:
            raise ValueError(f"unclosed [ in template: {template}")
        return nodes, at

    return sequence(0, 0)[0]


def _flatten(rng: random.Random, nodes: list[Node], slots: Mapping[str, Slot], out: list[tuple[str, bool]]) -> None:
    for node in nodes:
        if isinstance(node, str):
            out.append((node, True))
        elif isinstance(node, tuple):
            value = slots[node[0]]
            out.append((value if isinstance(value, str) else rng.choice(value), node[1]))
        else:
            _flatten(rng, rng.choice(node), slots, out)


def fill(rng: random.Random, template: str, **slots: Slot) -> str:
    """Expand a template without any style: for inputs and for parts of rules."""
    out: list[tuple[str, bool]] = []
    _flatten(rng, _parse(template), slots, out)
    return "".join(text for text, _ in out)


def _merge(pieces: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    merged: list[tuple[str, bool]] = []
    for text, loose in pieces:
        if merged and merged[-1][1] == loose:
            merged[-1] = (merged[-1][0] + text, loose)
        elif text:
            merged.append((text, loose))
    return merged


def say(rng: random.Random, template: str, **slots: Slot) -> str:
    """Expand a template as a spec: sentences capitalised, then one of several writing styles."""
    out: list[tuple[str, bool]] = []
    _flatten(rng, _parse(template), slots, out)
    pieces = _merge(out)
    pieces = [(text[:1].upper() + text[1:], loose) if at == 0 and loose else (text, loose) for at, (text, loose) in enumerate(pieces)]
    style = rng.random()
    done = []
    for number, (text, loose) in enumerate(pieces):
        if loose:
            text = _ARTICLE.sub(r"\1n ", _LOOSE_STOP.sub(r"\1", text))
        if loose and style < 0.2:
            text = text.lower()
            if style < 0.1:
                text = text.replace("'", "").replace("please", rng.choice(("pls", "please"))).replace(" you ", " u ")
                text = re.sub(r"(?<=[a-z])[.] ?$", "", text) if number == len(pieces) - 1 else text
        elif loose:
            text = _SENTENCE.sub(lambda m: m[1] + m[2].upper(), text)
            if style > 0.92:
                text = typo(rng, text, 0.06)
        done.append(text)
    spec = "".join(done)
    return re.sub(r"[ \t]{2,}", " ", re.sub(r" +\n", "\n", spec)).strip()


def task_wordings(
    rng: random.Random,
    gets: Sequence[str],
    does: Sequence[str],
    terse: Sequence[str],
    rules: Sequence[Sequence[str]] = (),
    count: int = 8,
    **slots: Any,
) -> tuple[str, ...]:
    """Specs for a task that writes text.

    `gets` are noun phrases for the input ("a date in any notation"), `does` imperative phrases that
    carry the whole job ("write the date as {format}"), `terse` short forms ("date -> {format}").
    Every rule (given as its synonyms, full sentences without the stop) is in every wording.
    """
    made: dict[str, None] = {}
    for _ in range(count * 3):
        if len(made) >= count:
            break
        chosen = [rng.choice(list(rule)) for rule in rules]
        if len(chosen) > 1 and rng.random() < 0.5:
            rng.shuffle(chosen)
        get, do, short = rng.choice(list(gets)), rng.choice(list(does)), rng.choice(list(terse))
        tail = "".join(f". {rule}" for rule in chosen)
        only = rng.choice(ONLY)
        end = f". {only}" if only else rng.choice((".", ".", ""))
        form = rng.choice((*range(15), 12, 13, 13))
        if form < 4:
            text = f"{do}{tail}{end}"
        elif form == 4:
            text = f"[you get|you receive|the input is|each line is|you are given|you will see] {get}. {do}{tail}{end}"
        elif form == 5:
            text = f"[i have|i've got|we have|we get|there is] {get} [here|]. [please|just|can you|] {do}{tail}{end}"
        elif form == 6:
            text = f"[your job|your task|the task|job|what to do]: {do}{tail}{end}"
        elif form == 7:
            text = f"[can you|could you|would you|i want you to|i need you to] {do}{tail}{end}"
        elif form == 8:
            text = f"given {get}, {do}{tail}{end}"
        elif form == 9:
            text = f"[for each line|for every record|for each input|every time], {do}{tail}{end}"
        elif form == 10:
            listed = "".join(f"\n- {rule}" for rule in chosen)
            text = f"{do}[.|:|]{listed}"
        elif form == 11:
            listed = "".join(f"\n{number}. {rule}." for number, rule in enumerate(chosen, 1))
            text = f"[a small filter|a filter|a function|a helper|text tool]: {get} [goes in|comes in|arrives]. {do}.{listed}"
        elif form == 12:
            text = short + "".join(f"; {rule}" for rule in chosen)
        elif form == 13:
            text = short + "".join(f". {rule}" for rule in chosen) + rng.choice((".", ""))
        else:
            text = f"[hi!|hey,|hello,|ok so|so] {do}[, please|, thanks|, ok?|]{tail}{end}"
        made[say(rng, rng.choice(INTROS) + text if form < 10 and rng.random() < 0.13 else text, **slots)] = None
    return tuple(made)


# ---------------------------------------------------------------------------------------------------------
# label functions


@dataclass(frozen=True)
class Kind:
    """One class of a label function: natural names for it and noun phrases for what it covers."""

    key: str
    names: tuple[str, ...]
    means: tuple[str, ...]


def kind(key: str, names: str, *means: str) -> Kind:
    """`names` separated by blanks."""
    return Kind(key, tuple(names.split()), means)


ARBITRARY = tuple(
    "heron cobalt maple ember quartz willow falcon cedar onyx lotus badger comet delta sierra tango violet amber "
    "copper jade pearl raven otter lynx birch aspen coral indigo saffron walnut pebble anchor lantern marble harbor "
    "zinc nickel garnet topaz mango papaya kiwi plum fig basil thyme sage clove mint ginger north south east west "
    "red green blue yellow orange purple black white gold silver alpha beta gamma omega echo foxtrot kilo lima oscar "
    "foo bar baz qux up down left right circle square triangle star moon sun cloud river stone sand "
    "piano violin drum flute apple pear grape lemon tulip rose daisy iris wolf bear fox hare owl crow swan duck".split()
)


def recase(rng: random.Random, words: Sequence[str]) -> list[str]:
    """One case for all the words; seldom changed when any is mixed case already."""
    how = rng.random()
    if how < 0.55:
        return list(words)
    if how < 0.75:
        return [word.upper() for word in words]
    if how < 0.9:
        return [word[:1].upper() + word[1:] for word in words]
    return [word.lower() for word in words]


def draw_labels(rng: random.Random, kinds: Sequence[Kind]) -> tuple[list[str], bool]:
    """Distinct labels for the kinds, and whether they speak for themselves."""
    how = rng.random()
    count = len(kinds)
    if how < 0.66:
        for _ in range(20):
            # names are listed in parallel order (yes, true, y / no, false, n): mostly take them from one column
            column = rng.randrange(min(len(one.names) for one in kinds)) if rng.random() < 0.7 else None
            names = recase(rng, [rng.choice(one.names) if column is None else one.names[column] for one in kinds])
            if len({name.lower() for name in names}) == count:
                return names, True
    if how < 0.82:
        return recase(rng, rng.sample(ARBITRARY, count)), False
    style = rng.randrange(7)
    start = rng.choice((0, 1, 1, 1))
    letters = "".join(rng.sample("ABCDEFGHJKLMNPQRSTUVWXYZ", max(count, 2)))
    if style == 0:
        codes = [str(start + i) for i in range(count)]
    elif style == 1:
        codes = list("ABCDEFGHIJKLMNOP"[:count])
    elif style == 2:
        codes = [f"{letters[0]}{start + i}" for i in range(count)]
    elif style == 3:
        codes = [f"{letters[i]}{rng.randrange(1, 10)}" for i in range(count)]
    elif style == 4:
        codes = list(letters[:count])
    elif style == 5:
        codes = [f"{letters[0]}{letters[1]}-{n}" for n in rng.sample(range(10, 99), count)]
    else:
        codes = [str(n) for n in rng.sample(range(10, 100), count)]
    if rng.random() < 0.5:
        rng.shuffle(codes)
    return codes, False


def either(rng: random.Random, items: Sequence[str]) -> str:
    """The items as a choice: `a, b or c`, `a / b / c`, `a|b|c`, quoted, ..."""
    how = rng.randrange(7)
    if how < 2:
        return ", ".join(items[:-1]) + " or " + items[-1] if len(items) > 1 else items[0]
    if how == 2:
        return " / ".join(items)
    if how == 3:
        return "|".join(items)
    if how == 4:
        return ", ".join(items)
    if how == 5:
        quoted = [f'"{item}"' for item in items]
        return ", ".join(quoted[:-1]) + " or " + quoted[-1] if len(quoted) > 1 else quoted[0]
    return " | ".join(items)


@dataclass(frozen=True)
class Shell:
    """How a label is written out: bare, after a key, or in JSON. `tell` is the sentence for it."""

    output_kind: str
    wrap: Callable[[str], str]
    tell: tuple[str, ...]


_BARE = Shell("label", str, ())
KEYS = tuple("label class result answer type verdict category tag value decision kind out output status group".split())


def draw_shell(rng: random.Random, keys: Sequence[str] = KEYS) -> Shell:
    """Bare in most draws."""
    how = rng.random()
    if how < 0.88:
        return _BARE
    key = rng.choice(list(keys))
    if how < 0.94:
        sep = rng.choice((": ", "=", ":"))
        return Shell("text", lambda label: f"{key}{sep}{label}", (
            f"[write|give|print] it in the form <<{key}{sep}LABEL>>", f"[the output|the answer|each answer] looks like <<{key}{sep}LABEL>>",
            f"[prefix|start] the [label|answer] with <<{key}{sep}>>"))
    return Shell("json", lambda label: json.dumps({key: label}), (
        f'[answer|reply] as JSON [like|in the form] <<{{"{key}": "LABEL"}}>>', f'JSON [output|answer], with the one key <<"{key}">>',
        f'[return|print] a JSON object with the label under <<{key}>>'))


def _protect(text: str, slots: dict[str, Slot]) -> str:
    """Move `<<…>>` parts into slots of their own."""

    def take(match: re.Match[str]) -> str:
        name = f"p{len(slots)}"
        slots[name] = match[1]
        return "{" + name + "}"

    return re.sub(r"<<(.*?)>>", take, text)


# label and meaning joined, then the separator between classes
_PAIRINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("{L} = {M}", (", ", "; ", "\n", ". ")), ("{L}: {M}", ("; ", "\n", ". ", " / ")), ("{L} for {M}", (", ", "; ", " and ")),
    ("{L} ({M})", (", ", " | ", " or ", "; ")), ("{M} -> {L}", (", ", "; ", "\n", ". ")), ("{M} = {L}", ("; ", ", ")),
    ("{M} => {L}", ("\n", ", ")), ("say {L} for {M}", ("; ", ", ", ". ")), ("{L} means {M}", (", ", "; ", ". ")),
    ("\n- {L}: {M}", ("",)), ("\n* {L} - {M}", ("",)), ("if it is {M}, answer {L}", (". ", "; ", ", ")),
    ("{L} when it is {M}", ("; ", ", ")), ("answer {L} for {M}", (", ", ". ", "; ")), ("{M}: {L}", ("; ", "\n", ". ")),
    ("{M} gets {L}", (", ", "; ", ". ")), ("use {L} for {M}", (". ", ", ", "; ")), ("{M} counts as {L}", (". ", ", ")),
    ("{L} - {M}", ("; ", "\n", ". ")), ("{M} should give {L}", (", ", ". ")), ("\n{L}\t{M}", ("",)),
)
_BARE_FORMS = (
    "classify [the|this|each|a] {~thing}: {all}.", "{~thing} -> {all}", "is [the|this] {~thing} {all}?", "{all}? [look at|judge by] {~ask}.",
    "[tell me|say|decide on|output|give|return|print] {~ask}: {all}.", "[label|tag|mark|sort] each {~thing} as {all}.",
    "[what is|determine|find] {~ask}? [answer|reply|respond] [with|] {all}.", "[read|look at] [the|each] {~thing} and [answer|say|print] {all} [depending on|according to|for] {~ask}.",
    "one {~thing} [per line|at a time|comes in]. [output|print] {~ask} as {all}.", "{~ask} [of a {~thing}|]: {all}",
    "[give|assign] [the|every] {~thing} one label [out of|from] {all} by {~ask}.", "[i want|we need|please give me] {~ask}. only one of: {all}.",
    "[return|answer with|respond with] only one of {all} [for|to describe|as] {~ask}.", "{all} ({~ask})", "{all}?", "{all}", "is it {all}?", "{~ask}: {all}?", "{~thing}: {all}", "{~ask}? {all}",
)
_HEADS = (
    "classify [the|this|each|every] {~thing} by {~ask}", "[decide|work out|determine|judge|find] {~ask}", "[given|from] a {~thing}, [give|output|return|print] {~ask}",
    "what is {~ask}?", "{~thing} -> {all}", "[label|tag|sort|mark] each {~thing} as {all}", "[read|look at] the {~thing} and [report|name|pick|choose] {~ask}",
    "[i need|we need|i want|we want] {~ask} [for every|for each] {~thing}", "{~ask}:", "[you get|you are given|here comes] a {~thing}. [tell|give|print] {~ask}",
    "you are a {~thing} [classifier|sorter|filter|tagger]", "[your job|task]: {~ask}", "", "output {all} for the {~thing}", "{~ask}, one of {all}",
    "[answer|reply with] {all} [for|to give] {~ask}", "[hi,|hey,|hello!|ok,] [i have|we get|there are] a [lot|bunch|stream] of {~thing} [lines|texts|inputs]. [tell me|i need] {~ask}",
)
_QUESTION_FORMS = (
    "? {yes} or {no}", "? {yes}/{no}", "? [answer|say|reply|respond with|one word,] {yes} or {no}.", "? {yes} if so, {no} [if not|otherwise].", "? [answer|print|say|output] {yes} if [it does|yes|so|that's the case], [otherwise|if not,|else] {no}.",
    "? then {yes}, [else|otherwise] {no}.", "? [yes is|if yes,] {yes}, [no is|if no,] {no}.", "? [write|return|give] {yes} for yes and {no} for no.", "? {yes} = yes, {no} = no", " -> {yes}, [else|otherwise] {no}",
)
_WONDERS = (
    "[decide|work out|determine|judge|find out|check|tell me|say|figure out] {~ask}", "[given|from] a {~thing}, [decide|say|tell|judge] {~ask}", "[i need to know|i want to know|we must know] {~ask}",
    "{~thing} -> {all}", "[label|tag|sort|mark] each {~thing} as {all}", "[read|look at] the {~thing} and [decide|say|judge] {~ask}", "",
    "[you get|you are given|here comes] a {~thing}. [tell|say|decide] {~ask}", "you are a {~thing} [classifier|sorter|filter|checker]", "[your job|task]: [decide|say] {~ask}",
    "output {all} for the {~thing}", "[hi,|hey,|hello!|ok,] [i have|we get|there are] a [lot|bunch|stream] of {~thing} [lines|texts|inputs]. [tell me|please say] {~ask}",
)
_ENDS = ("", "", "", "", "Answer with one label.", "Answer with exactly one of: {all}.", "Only one of {all}.", "Reply with the label only.",
         "Nothing else.", "One label, spelled as given.", "Output only the label.", "No explanation.", "Just the label, please.",
         "Use the labels exactly as written.", "Respond with one of {all}.", "Pick one.", "Choose exactly one.", "Labels: {all}.", "Options: {all}.", "Allowed answers: {all}.", "Possible outputs: {all}.", "No other words.")


def label_wordings(
    rng: random.Random,
    things: Sequence[str],
    asks: Sequence[str],
    classes: Sequence[tuple[str, Sequence[str]]],
    plain: bool,
    rules: Sequence[Sequence[str]] = (),
    tell: Sequence[str] = (),
    count: int = 8,
    questions: Sequence[str] = (),
) -> tuple[str, ...]:
    """Specs for a label function. `things`: the input as a noun without article; `asks`: noun phrases for what
    is asked; `classes`: label and its meanings, in spec order. `plain`: labels may stand alone. Rules and the
    sentence that tells the output shell are in every wording. `questions` (without the mark) are for two classes,
    the first of which is the answer yes."""
    made: dict[str, None] = {}
    labels = [label for label, _ in classes]
    for _ in range(count * 3):
        if len(made) >= count:
            break
        ask = rng.choice(list(asks))
        slots: dict[str, Slot] = {"thing": rng.choice(list(things)), "ask": ask, "all": either(rng, labels)}
        extra = [rng.choice(list(rule)) for rule in rules] + ([rng.choice(list(tell))] if tell else [])
        tail = "".join(f" {_protect(rule, slots)}." for rule in extra)
        wonder = ask.split(" ")[0] in ("whether", "how", "what", "who", "where", "if", "which", "why")
        if questions and rng.random() < 0.45:
            slots |= {"yes": labels[0], "no": labels[1]}
            forms = _QUESTION_FORMS if plain else _QUESTION_FORMS[3:]
            text = rng.choice(list(questions)) + rng.choice(forms)
            text += ("." if tail and text[-1] not in ".?" else "") + tail
        elif plain and not questions and rng.random() < 0.35:
            text = rng.choice(_BARE_FORMS[:3] if wonder else _BARE_FORMS) + tail
        else:
            pairing, seps = rng.choice(_PAIRINGS)
            parts = []
            for number, (label, means) in enumerate(classes if not questions or rng.random() < 0.5 else list(classes)[::-1]):
                slots[f"l{number}"] = label
                slots[f"m{number}"] = rng.choice(list(means))
                parts.append(pairing.replace("{L}", f"{{l{number}}}").replace("{M}", f"{{~m{number}}}"))
            body = rng.choice(list(seps)).join(parts)
            head = rng.choice(_WONDERS if wonder else _HEADS)
            gap = "" if pairing[0] == "\n" else (" " if head and head[-1] in ":?" else rng.choice((". ", ": ", ".\n", ":\n", " - ")) if head else "")
            listed = f"{head.rstrip(':')}[:|.|]{body}\n" if head[-1:] != "?" else f"{head}{body}\n"
            text = f"{head}{gap}{body}." if pairing[0] != "\n" else listed
            text = (rng.choice(INTROS) if rng.random() < 0.13 else "") + text + tail + " " + rng.choice(_ENDS)
        made[say(rng, text, **slots)] = None
    return tuple(made)


def label_function(
    rng: random.Random,
    things: Sequence[str],
    asks: Sequence[str],
    kinds: Sequence[Kind],
    make: Callable[[random.Random, str], str],
    plain: bool = True,
    rules: Sequence[Sequence[str]] = (),
    keep_order: bool = False,
    shell: bool = True,
    questions: Sequence[str] = (),
) -> Function:
    """A label function over the given kinds: `make(rng, key)` writes an input of that kind.

    Draws the labels (natural names, arbitrary words, codes), their order and the output shell.
    Rules may name a label as `<<key:KEY>>`. With `questions` the kinds are yes and no, in this order.
    """
    chosen = list(kinds)
    if not questions and (not keep_order or rng.random() < 0.3):
        rng.shuffle(chosen)
    labels, natural = draw_labels(rng, chosen)
    by_key = dict(zip((one.key for one in chosen), labels, strict=True))
    rules = [[re.sub(r"<<key:(.*?)>>", lambda m: f"<<{by_key[m[1]]}>>", text) for text in rule] for rule in rules]
    case = draw_shell(rng) if shell else _BARE
    keys = [one.key for one in chosen]

    def sample(rng: random.Random) -> Pair:
        key = rng.choice(keys)
        return make(rng, key), case.wrap(by_key[key])

    classes = [(label, one.means) for label, one in zip(labels, chosen, strict=True)]
    wordings = label_wordings(rng, things, asks, classes, (plain or bool(questions)) and natural, rules, case.tell, questions=questions)
    bare = case.output_kind == "label"
    return Function(wordings, case.output_kind, sample, tuple(labels) if bare else None)


def text_function(
    rng: random.Random,
    sample: Callable[[random.Random], Pair],
    gets: Sequence[str],
    does: Sequence[str],
    terse: Sequence[str],
    rules: Sequence[Sequence[str]] = (),
    output_kind: str = "text",
    **slots: Any,
) -> Function:
    """A text, list or JSON function with composed wordings."""
    return Function(task_wordings(rng, gets, does, terse, rules, **slots), output_kind, sample)


NONE_WORDS = ("NONE", "none", "-", "n/a", "N/A", "unknown", "null", "nothing", "?", "EMPTY", "missing", "not found", "no", "0", "skip", "--", "absent", "nil")
SEPARATORS = (", ", ",", "; ", ";", " | ", "|", " ", " / ", "\n")
SEPARATOR_NAMES = {
    ", ": ("a comma and a space", "comma + space", '", "'), ",": ("commas without spaces", "a bare comma", "a comma, no space"),
    "; ": ("a semicolon and a space", '"; "'), ";": ("semicolons without spaces", "a bare semicolon"), " | ": ('" | "', "a pipe with spaces around it"),
    "|": ("pipes without spaces", "a pipe, no spaces"), " ": ("single spaces", "one space"), " / ": ('" / "', "a slash with spaces around it"),
    "\n": ("line breaks", "newlines, one per line"), "-": ("hyphens", "a hyphen"), "\t": ("tabs", "a tab"), "_": ("underscores", "an underscore"),
}
