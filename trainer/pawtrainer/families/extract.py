# ruff: noqa: E501 -- tables of wordings read better one entry a line
"""Core text: pulling things out of a sentence, counting, picking words, masking, acronyms."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from typing import Any

from pawtrainer.families import words as w
from pawtrainer.families.base import Function, Pair, family
from pawtrainer.families.convert import date, date_in
from pawtrainer.families.phrasing import NONE_WORDS, SEPARATOR_NAMES, fill, text_function
from pawtrainer.families.repair import json_style, tells

GROUP = "core-text"


def _url(rng: random.Random) -> str:
    return f"{rng.choice(('https', 'https', 'http'))}://{rng.choice(('www.', 'docs.', 'shop.', ''))}{rng.choice(w.BRANDS).lower()}.{rng.choice(('com', 'org', 'io'))}{rng.choice(('', '/' + rng.choice(w.PRODUCTS), '/help'))}"


def _price(rng: random.Random) -> str:
    n = f"{rng.randrange(1, 900)}{rng.choice(('', '', '.50', '.99', f'.{rng.randrange(10, 99)}'))}"
    return rng.choice((f"${n}", f"\u20ac{n}", f"{n} EUR", f"\u00a3{n}", f"{n} USD"))


# what can be pulled out: how one looks, and its names
ENTITIES: dict[str, tuple[Callable[[random.Random], str], tuple[str, ...], tuple[str, ...]]] = {
    "person": (w.person, ("person", "person's name", "name of a person", "full name"), ("people", "persons", "names of people", "person names")),
    "city": (lambda r: r.choice(w.CITIES), ("city", "city name", "town"), ("cities", "city names")),
    "country": (lambda r: r.choice(w.COUNTRIES), ("country",), ("countries",)),
    "company": (w.company, ("company", "company name", "firm"), ("companies", "company names", "firms")),
    "email": (w.email, ("email address", "e-mail address", "email"), ("email addresses", "emails", "e-mail addresses")),
    "phone": (w.phone, ("phone number", "telephone number"), ("phone numbers",)),
    "price": (_price, ("price", "sum of money", "amount of money"), ("prices", "sums of money")),
    "date": (lambda r: date_in(r, date(r, 2015), "none"), ("date",), ("dates",)),
    "time": (lambda r: f"{r.randrange(7, 22)}:{r.choice(('00', '15', '30', '45'))}", ("time", "time of day", "clock time"), ("times", "clock times")),
    "url": (_url, ("URL", "link", "web address"), ("URLs", "links", "web addresses")),
    "code": (lambda r: f"{r.choice(('ORD', 'TKT', 'INV', 'REF', 'SKU'))}-{r.randrange(100, 99999)}", ("order or ticket code", "reference code", "reference number like ABC-123"), ("reference codes", "codes like ABC-123")),
    "product": (lambda r: r.choice(w.PRODUCTS), ("product", "item of goods"), ("products", "goods")),
    "weekday": (lambda r: r.choice(w.WEEKDAYS), ("day of the week", "weekday"), ("days of the week", "weekdays")),
    "hashtag": (lambda r: "#" + r.choice((*w.FRUIT, *w.PRODUCTS, "travel", "news", "sale")), ("hashtag",), ("hashtags",)),
    "handle": (lambda r: "@" + r.choice(w.FIRST).lower() + r.choice(("", "_", "99")) + r.choice(("", "x", "dev")), ("user handle", "mention like @name"), ("user handles", "@mentions")),
    "animal": (lambda r: r.choice(w.GROUPS["animal"]), ("animal",), ("animals",)),
    "colour": (lambda r: r.choice(w.GROUPS["colour"]), ("colour", "color"), ("colours", "colors")),
    "number": (lambda r: str(r.randrange(2, 999)), ("number",), ("numbers",)),
    "ip": (lambda r: ".".join(str(r.randrange(1, 255)) for _ in range(4)), ("IP address",), ("IP addresses",)),
}
# frames with typed slots; each tells exactly which entities it holds
FRAMES = (
    "{person} moved from {city} to {city2} last year.", "Please send the {product} to {person} in {city}.", "{person} works for {company} in {city}.", "Call {person} at {phone} before {weekday}.", "Contact: {person}, {email}, {phone}",
    "The {product} costs {price} at {company}.", "Meeting with {person} on {date} at {time}.", "Order {code} for {person} was shipped on {date}.", "Write to {email} or {email2} for details.", "{company} opens an office in {city} on {date}.",
    "See {url} for the {product} manual.", "I met {person} and {person2} in {city}.", "Flight from {city} to {city2} leaves at {time} on {weekday}.", "Invoice {code}: {price}, due {date}.", "{handle} check {url} {hashtag}", "A {colour} {animal} ran past {person}.",
    "loving my new {colour} {product} {hashtag} {hashtag2}", "{person} paid {price} for a {product}.", "the {product} from {company} broke, ticket {code}, my mail is {email}", "{person} flies to {country} on {weekday}.", "Shop in {city}: {product} for {price}, {product2} for {price2}.",
    "Host {ip} was blocked at {time}.", "{ip} and {ip2} belong to {company}.", "We saw a {animal} and a {animal2} near {city}.", "{person}, {person2} and {person3} joined {company}.", "Hi, this is {person}. My order {code} is late, call me: {phone}", "{handle} and {handle2} won the {product}!",
    "From {date} to {date2} we are in {country}.", "Open {weekday} and {weekday2}, {time} to {time2}.", "{company} bought {company2} for {price}.", "Ask {person} about the {product}, or mail {email}.", "Docs at {url} and {url2}.", "{code} and {code2} are duplicates.",
    "My neighbour has a {animal} and a {colour} {product}.", "{country} and {country2} signed the treaty in {city}.", "Ship {code} to {city} by {weekday}, says {person}.", "new prices from {date}: {product} {price}", "{person} (born {date}) lives in {city}, {country}.",
)
_SLOT = re.compile(r"\{([a-z]+)\d?\}")
HOLDS = {frame: [m[1] for m in _SLOT.finditer(frame)] for frame in FRAMES}


def fill_frame(rng: random.Random, frame: str) -> tuple[str, list[tuple[str, str]]]:
    """The sentence and its entities (type, text) in order; texts of one type differ."""
    found: list[tuple[str, str]] = []

    def take(match: re.Match[str]) -> str:
        kind = match[1]
        for _ in range(20):
            text = ENTITIES[kind][0](rng)
            if (kind, text) not in found:
                break
        found.append((kind, text))
        return text

    return _SLOT.sub(take, frame), found


def frames_for(kind: str, count: int | None = None) -> list[str]:
    """Frames that hold exactly `count` entities of the kind (any number from one when None), nothing confusable."""
    confusable = {"number": {"phone", "price", "date", "time", "code", "ip", "handle", "email", "url"}, "product": {"hashtag", "url"}, "colour": {"hashtag"}, "animal": set(), "city": set(), "hashtag": set(), "date": {"weekday"}, "weekday": set()}
    return [f for f, holds in HOLDS.items() if (holds.count(kind) == count if count is not None else kind in holds) and not confusable.get(kind, set()) & set(holds)]


KINDS = [kind for kind in ENTITIES if kind != "number"]


@family(GROUP)
def extract_one(rng: random.Random) -> Function:
    """The first (or only) entity of a drawn type, else the fallback word."""
    kind = rng.choice(KINDS)
    none = rng.choice(NONE_WORDS)
    have, lack = frames_for(kind, 1), frames_for(kind, 0)
    upper = rng.random() < 0.12

    def sample(rng: random.Random) -> Pair:
        if rng.random() < 0.22:
            return rng.choice((fill_frame(rng, rng.choice(lack))[0], w.filler(rng))) if kind not in ("product", "animal", "colour") else fill_frame(rng, rng.choice(lack))[0], none
        text, found = fill_frame(rng, rng.choice(have))
        if rng.random() < 0.25:
            text = f"{w.filler(rng)} {text}" if kind not in ("product", "animal", "colour", "weekday", "time") else text
        answer = next(t for k, t in found if k == kind)
        return text, answer.upper() if upper else answer

    rules = [["[if|when] there is none, [answer|print|output] {none}", "none in the text: {none}", "{none} if [missing|there is none]"]]
    if upper:
        rules.append(["[write|print] it in capitals", "upper case"])
    return text_function(rng, sample, ["a sentence", "a message", "a line of text", "some text"],
                         ["[extract|pull out|find|get] the {~name} [from the text|in the sentence|]", "[print|return|output|give] the {~name} [mentioned|in the text]", "which {~name} does the text [mention|contain]? [print|give] it [as written|]", "copy the {~name} [out of|from] the text"],
                         ["text -> {~name}", "{~name} in the text"], rules, name=ENTITIES[kind][1], none=none)


@family(GROUP)
def extract_all(rng: random.Random) -> Function:
    """All entities of a type, joined or as a JSON list."""
    kind = rng.choice([k for k in KINDS if k not in ("product",)])
    as_json = rng.random() < 0.35
    sep = rng.choice((", ", ", ", ",", "; ", "|", " | ", " / ", "\n"))
    none = "[]" if as_json else rng.choice(NONE_WORDS)
    have, lack = frames_for(kind), frames_for(kind, 0)
    sort = rng.random() < 0.15 and kind not in ("date", "price", "time", "ip", "phone")

    def sample(rng: random.Random) -> Pair:
        if rng.random() < 0.15:
            return fill_frame(rng, rng.choice(lack))[0], none
        text, found = fill_frame(rng, rng.choice(have))
        if rng.random() < 0.3:
            more, extra = fill_frame(rng, rng.choice(have))
            text, found = f"{text} {more}", found + extra
        got = list(dict.fromkeys(t for k, t in found if k == kind))
        got = sorted(got) if sort else got
        return text, json.dumps(got, ensure_ascii=False) if as_json else sep.join(got)

    rules = [["[as|print] a JSON array of strings, [] if there is none".replace("[]", "{none}"), "output a JSON list ({none} when empty)"] if as_json else ["[separate|join] them with {sep}, {none} if there are none", "separator: {sep}; nothing found: {none}", "{sep} between them; [if|when] none, [print|answer] {none}"]]
    rules.append(["sorted alphabetically", "in alphabetical order"] if sort else ["in the order of the text", "keep the order, each one once", "in order of appearance"])
    return text_function(rng, sample, ["a text", "a message", "some sentences"], ["[extract|list|find|collect] all {~names} [in the text|]", "[print|return|output] every {~name} [that is mentioned|in the text]", "pull out the {~names}"], ["text -> all {~names}", "{~names} in the text"], rules, "json" if as_json else "list",
                         name=ENTITIES[kind][1], names=ENTITIES[kind][2], none=none, sep=SEPARATOR_NAMES[sep])


KEY_NAMES = {"person": ("name", "person", "who", "contact"), "city": ("city", "place", "where", "town"), "country": ("country", "land"), "company": ("company", "firm", "org", "employer"), "email": ("email", "mail", "address"), "phone": ("phone", "tel", "number"), "price": ("price", "amount", "cost", "sum"), "date": ("date", "day", "when"),
             "time": ("time", "at", "hour"), "code": ("order", "ref", "code", "id"), "product": ("product", "item", "what", "article"), "weekday": ("weekday", "day"), "url": ("url", "link"), "colour": ("color", "colour"), "animal": ("animal", "pet"), "ip": ("ip", "host")}


@family(GROUP)
def extract_fields(rng: random.Random) -> Function:
    """Two to four drawn fields to JSON with drawn keys, or to key: value lines or a joined row."""
    frame_pool = [f for f, holds in HOLDS.items() if len(set(holds)) == len(holds)]
    kinds = rng.sample([k for k in KEY_NAMES if k not in ("animal", "colour", "ip")], rng.choice((2, 2, 3)))
    frames = [f for f in frame_pool if set(kinds) & set(HOLDS[f])]
    while True:
        keys = [rng.choice(KEY_NAMES[k]) for k in kinds]
        if len(set(keys)) == len(keys):
            break
    if rng.random() < 0.15:
        keys = [key.upper() for key in keys]
    shape = rng.choice(("json", "json", "json", "lines", "row", "pairs"))
    none = "null" if shape == "json" else rng.choice(NONE_WORDS)
    sep = rng.choice((", ", ";", " | ", ","))
    dump, told = json_style(rng)
    protected: dict[str, str] = {}

    def sample(rng: random.Random) -> Pair:
        text, found = fill_frame(rng, rng.choice(frames))
        got = dict(found)
        values = [got.get(kind) for kind in kinds]
        if shape == "json":
            return text, dump(dict(zip(keys, values, strict=True)))
        shown = [value or none for value in values]
        if shape == "lines":
            return text, "\n".join(f"{k}: {v}" for k, v in zip(keys, shown, strict=True))
        if shape == "pairs":
            return text, sep.join(f"{k}={v}" for k, v in zip(keys, shown, strict=True))
        return text, sep.join(shown)

    what = ", ".join(f"{key} ({rng.choice(ENTITIES[kind][1])})" for key, kind in zip(keys, kinds, strict=True))
    slots: dict[str, Any] = {"what": what, "none": none, "sep": SEPARATOR_NAMES[sep], "sepq": f'"{sep}"'}
    goal = {"json": "[a JSON object with the keys|JSON with] {what}", "lines": "one line each (key: value) for {what}", "pairs": "key=value pairs for {what}, separated by {sep}", "row": "one row with the values of {what}, separated by {sep}"}[shape]
    rules = [["{none} for what is missing", "missing ones [are|become] {none}", "[if|when] something is absent, [write|use] {none}"]]
    if shape == "json":
        rules.append(tells(told, protected))
    return text_function(rng, sample, ["a message", "a sentence", "a text"], [f"[extract|read|get] from the text {goal}", f"[turn|convert] the [text|sentence|message] into {goal}", f"[print|return|output] {goal}"], [f"text -> {goal}", f"{goal}"], rules, "json" if shape == "json" else "text", **slots, **protected)


@family(GROUP)
def mask_entities(rng: random.Random) -> Function:
    kinds = rng.sample(("person", "city", "email", "phone", "price", "date", "company", "code", "url", "ip", "time"), rng.choice((1, 1, 2, 3)))
    style = rng.randrange(4)
    single = rng.choice(("***", "[X]", "<hidden>", "____", "XXX", "[REDACTED]", "#", "(removed)"))
    marks = {k: {0: single, 1: f"[{k.upper()}]", 2: f"<{k}>", 3: f"{{{k}}}"}[style] for k in kinds}
    frames = [f for f in FRAMES if set(kinds) & set(HOLDS[f])]
    clean = [f for f in FRAMES if not set(kinds) & set(HOLDS[f])]

    def sample(rng: random.Random) -> Pair:
        if rng.random() < 0.1:
            text = fill_frame(rng, rng.choice(clean))[0]
            return text, text
        frame = rng.choice(frames)
        values: list[str] = []
        types = HOLDS[frame]
        text, found = fill_frame(rng, frame)
        values = [t for _, t in found]
        parts = _SLOT.split(frame)[::2]
        out = parts[0]
        for kind, value, rest in zip(types, values, parts[1:], strict=True):
            out += marks.get(kind, value) + rest
        return text, out

    what = " and ".join(rng.choice(ENTITIES[k][2]) for k in kinds) if len(kinds) < 3 else ", ".join(rng.choice(ENTITIES[k][2]) for k in kinds)
    slots: dict[str, Any] = {"what": what, "mark": single, "marks": ", ".join(f"{rng.choice(ENTITIES[k][1])} = {marks[k]}" for k in kinds)}
    by = "{mark}" if style == 0 else "a mark ({marks})"
    return text_function(rng, sample, ["a text", "a message with personal data", "a line"], [f"replace all {{~what}} [by|with] {by}", f"[mask|hide|redact|anonymise] the {{~what}}: [write|put] {by} instead", f"[print|return] the text with {{~what}} replaced by {by}"], [f"text -> text with {{~what}} replaced by {by}", f"mask {{~what}} with {by}"],
                         [["[everything else|the rest] stays [as it is|unchanged]", "leave the other words alone", "do not change anything else"]] if rng.random() < 0.6 else [], **slots)


@family(GROUP)
def mask_pattern(rng: random.Random) -> Function:
    """Digits, all but the last four, vowels, or a drawn word hidden."""
    star = rng.choice("*#xX_-.")
    word = rng.choice((*w.PRODUCTS, *w.FRUIT))
    new = rng.choice((*w.FRUIT, *w.PRODUCTS, "***", "[X]", "item"))
    works: tuple[tuple[Callable[[str], str], str], ...] = (
        (lambda t: re.sub(r"\d", star, t), "replace every digit [by|with] {star}"), (lambda t: re.sub(r"\d(?=(?:\D*\d){4})", star, t), "replace all digits but the last four [by|with] {star}"),
        (lambda t: re.sub(r"\d+", star, t), "replace every [run of digits|number] [by|with] one {star}"), (lambda t: re.sub(rf"\b{word}\b", new, t), "replace the word {word} [by|with] {new}"),
        (lambda t: re.sub(r"[aeiou]", star, t), "replace every lower-case vowel (aeiou) [by|with] {star}"), (lambda t: re.sub(r"\w+(?=@)", star * 3, t), "replace the part of the mail address before the @ [by|with] {star3}"),
    )
    at = rng.randrange(len(works))
    work, do = works[at]

    def sample(rng: random.Random) -> Pair:
        n = "".join(rng.choice("0123456789") for _ in range(rng.randint(5, 12)))
        if at == 3:
            other = rng.choice(w.PRODUCTS)
            text = rng.choice((f"The {word} is next to the {other}.", f"buy a {word} and a {other}", f"{w.cap(other)}, {word}, {other}", f"We sold the {word} and the {word} box.", f"No {other} today."))
        elif at == 5:
            text = f"{rng.choice(('Mail', 'Write to', 'Contact'))} {rng.choice(w.FIRST).lower()}{rng.choice(('', '7', '_x'))}@{rng.choice(w.DOMAINS)} {rng.choice(('today', 'about the ' + rng.choice(w.PRODUCTS), 'please'))}"
        elif at == 4:
            text = rng.choice((w.filler(rng), rng.choice(w.CITIES), rng.choice(w.PRODUCTS)))
        else:
            text = rng.choice((f"card {n}", f"Account {n}, {rng.choice(w.CITIES)}", f"{rng.choice(w.FIRST)} has {rng.randrange(10, 999)} {rng.choice(w.PRODUCTS)}s and {rng.randrange(10, 9999)} points", f"IBAN DE{n}", f"call {n[:3]}-{n[3:]}", f"room {rng.randrange(1000, 9999)}, code {rng.randrange(1000, 9999)}"))
        return text, work(text)

    return text_function(rng, sample, ["a text", "a line"], [do, "in the text, " + do], [do], [["keep the rest [as it is|]", "nothing else changes"]] if rng.random() < 0.5 else [], star=f'"{star}"' if rng.random() < 0.5 else star, star3=star * 3, word=word, new=new)


@family(GROUP)
def count_things(rng: random.Random) -> Function:
    how = rng.randrange(5)
    kind = rng.choice([k for k in KINDS if k not in ("product", "hashtag")])
    letter = rng.choice("aeionrst")
    sep = rng.choice((", ", ";", " | ", ", "))
    word = rng.choice(("yes", "no", *w.FRUIT[:8]))

    def sample(rng: random.Random) -> Pair:
        if how == 0:
            text = rng.choice((w.filler(rng), rng.choice(w.FILLER), f"{w.filler(rng)} {w.filler(rng)}", " ".join(rng.sample(w.FRUIT, rng.randint(1, 6)))))
            return text, str(len(text.split()))
        if how == 1:
            text, found = fill_frame(rng, rng.choice(FRAMES if rng.random() < 0.3 else frames_for(kind)))
            return text, str(sum(k == kind for k, _ in found))
        if how == 2:
            text = rng.choice((rng.choice(w.PRODUCTS), rng.choice(w.CITIES).lower(), rng.choice(w.FRUIT), rng.choice(w.FILLER)[:24].strip()))
            return text, str(text.count(letter))
        if how == 3:
            pool = rng.sample((*w.FRUIT, *w.PRODUCTS), rng.randint(1, 8))
            return sep.join(pool), str(len(pool))
        pool = [rng.choice((word, word, rng.choice(w.PRODUCTS), rng.choice(w.GROUPS["animal"]))) for _ in range(rng.randint(2, 8))]
        return " ".join(pool), str(pool.count(word))

    what = {0: "words", 1: rng.choice(ENTITIES[kind][2]), 2: "times the letter {x} occurs", 3: "items", 4: "times the word {x} occurs"}[how]
    gets = {0: "a text", 1: "a text", 2: "a short text in lower case", 3: "a list separated by {x}", 4: "some words"}[how]
    x = {2: letter, 3: f'"{sep}"', 4: word}.get(how, "")
    return text_function(rng, sample, [gets], [f"count {'how many' if how in (2, 4) else 'the'} {what}", f"[print|return|output] the number of {what}", f"how many {what}? [print|give] the number", f"[print|return|output] the number of {what}"], [f"{gets.split(' ', 1)[1]} -> number of {what}"], [], x=x)


@family(GROUP)
def pick_word(rng: random.Random) -> Function:
    """First, last, nth, longest, shortest word; words with a start letter; capitalised words."""
    letter = rng.choice("abcdfhmprst")
    none = rng.choice(NONE_WORDS)
    n = rng.randint(2, 4)
    ordinals = {2: "second", 3: "third", 4: "fourth"}
    works: tuple[tuple[Callable[[list[str]], str], str], ...] = (
        (lambda x: x[0], "the first word"), (lambda x: x[-1], "the last word"), (lambda x: x[n - 1] if len(x) >= n else none, f"the {ordinals[n]} word"), (lambda x: max(x, key=len), "the longest word (the first one on a tie)"), (lambda x: min(x, key=len), "the shortest word (the first one on a tie)"),
        (lambda x: " ".join(x[:n]), f"the first {n} words"), (lambda x: " ".join(x[-n:]), f"the last {n} words"), (lambda x: " ".join(y for y in x if y.startswith(letter)) or none, "all words that start with {letter}, separated by spaces"), (lambda x: " ".join(reversed(x)), "the words in reverse order"),
        (lambda x: "".join(y[0] for y in x).upper(), "the first letters of the words joined, in capitals"), (lambda x: " ".join(y for y in x if len(y) > 4) or none, "all words of five or more letters, separated by spaces"), (lambda x: str(len(x[0])), "the number of letters of the first word"),
    )
    at = rng.randrange(len(works))
    work, what = works[at]

    def sample(rng: random.Random) -> Pair:
        text = rng.choice((rng.choice(w.FILLER), " ".join(rng.sample((*w.FRUIT, *w.PRODUCTS, *w.GROUPS["animal"]), rng.randint(2, 6))))) if at != 7 or rng.random() < 0.6 else " ".join(rng.sample([x for x in (*w.FRUIT, *w.PRODUCTS, *w.GROUPS["animal"]) if x[0] in (letter, "w", "l")] + list(w.FRUIT[:3]), 4))
        return text, work(text.split())

    rules = [["[if|when] there is none, [print|answer] {none}", "none: {none}"]] if at in (2, 7, 10) else []
    return text_function(rng, sample, ["a few words", "a line of words", "a short text"], [f"[print|return|give|output] {what}", f"[find|take|get] {what} [of the text|of the line]"], [f"text -> {what}", what], rules, letter=letter, none=none)


@family(GROUP)
def acronym(rng: random.Random) -> Function:
    dots = rng.random() < 0.25
    skip = rng.random() < 0.5
    lower = rng.random() < 0.15
    a = ("World", "National", "European", "Central", "United", "International", "Royal", "Digital", "Local", "Advanced", "Public", "Global", "Federal", "Northern", "Open", "Social")
    b = ("Health", "Space", "Food", "Bank", "Trade", "Energy", "Water", "Science", "Rail", "Data", "Safety", "Music", "Film", "Sports", "Housing", "Weather")
    c = ("Organisation", "Agency", "Council", "Union", "Office", "Institute", "Association", "Service", "Fund", "Board", "Network", "Society", "Committee", "League")

    def sample(rng: random.Random) -> Pair:
        parts = [rng.choice(a), rng.choice(b), rng.choice(c)]
        if rng.random() < 0.5:
            parts = rng.choice(([parts[2], "of", parts[0], parts[1]], [parts[0], parts[2], "for", parts[1]], ["The", *parts], [parts[0], parts[1], "and", rng.choice(b), parts[2]], parts[:2]))
        used = [p for p in parts if not skip or p.lower() not in ("of", "for", "the", "and")]
        out = "".join(p[0].upper() + ("." if dots else "") for p in used)
        return " ".join(parts), out.lower() if lower else out

    rules = [["[skip|leave out|ignore] the words of, for, the, and", "small words (of, for, the, and) do not count"] if skip else ["every word counts, small ones too", "include small words like of and the"]]
    rules.append(["[lower case|in small letters]"] if lower else ["[in capitals|upper case]", "capital letters"])
    if dots:
        rules.append(["[a dot|a full stop] after each letter", "each letter is followed by a dot"])
    return text_function(rng, sample, ["the name of an organisation", "a long name"], ["make an acronym [from|of] the [name|words]", "abbreviate the name to the first letters of its words", "[print|return|give] the initials of the name"], ["name -> acronym", "initials"], rules)


@family(GROUP)
def quoted_part(rng: random.Random) -> Function:
    """The text between drawn delimiters, or before/after a drawn mark."""
    open_, close = rng.choice((('"', '"'), ("(", ")"), ("[", "]"), ("<", ">"), ("*", "*"), ("{", "}"), ("'", "'"), ("|", "|")))
    mark = rng.choice((":", " - ", "=", "->", " | ", ";", ","))
    how = rng.choice(("between", "between", "after", "before", "drop"))
    none = rng.choice(NONE_WORDS)

    def sample(rng: random.Random) -> Pair:
        inner = rng.choice((rng.choice(w.PRODUCTS), rng.choice(w.CITIES), w.person(rng), f"{rng.choice(w.ADJECTIVES)} {rng.choice(w.PRODUCTS)}", str(rng.randrange(10, 999))))
        a, b = rng.choice(w.FILLER).split(" ")[:3], rng.choice(w.FILLER).split(" ")[:3]
        left, right = " ".join(a), " ".join(b)
        if how in ("between", "drop"):
            if rng.random() < 0.15:
                return f"{left} {right}", none if how == "between" else f"{left} {right}"
            return f"{left} {open_}{inner}{close} {right}", inner if how == "between" else f"{left} {right}"
        if rng.random() < 0.12:
            return left, none
        text = f"{left}{mark}{'' if mark.startswith(' ') or mark in '=->' else ' '}{inner}"
        return text, inner if how == "after" else left

    names = {'"': "double quotes", "(": "round brackets", "[": "square brackets", "<": "angle brackets", "*": "asterisks", "{": "curly braces", "'": "single quotes", "|": "pipes"}
    goal = {"between": "the text between {br}", "drop": "the line without the part in {br} (and without the brackets)", "after": "the part after {mark}, without blanks around", "before": "the part before {mark}, without blanks around"}[how]
    rules = [] if how == "drop" else [["[if|when] there is none, [print|answer] {none}", "{none} if absent"]]
    return text_function(rng, sample, ["a line", "a text"], [f"[print|return|extract|give] {goal}", f"[output|keep] only {goal}"], [f"line -> {goal}"], rules, br=names[open_], mark=f'"{mark.strip()}"', none=none)


@family(GROUP)
def who_did_what(rng: random.Random) -> Function:
    """Role reading: who gives, who receives, what; active and passive sentences."""
    role = rng.choice(("giver", "receiver", "thing"))
    verbs = (("gave", "given"), ("sold", "sold"), ("sent", "sent"), ("lent", "lent"), ("showed", "shown"), ("brought", "brought"))

    def sample(rng: random.Random) -> Pair:
        a, b = rng.sample(w.FIRST, 2)
        thing = f"{rng.choice(w.ADJECTIVES)} {rng.choice(w.PRODUCTS)}" if rng.random() < 0.4 else rng.choice(w.PRODUCTS)
        verb, past = rng.choice(verbs)
        art = "the"
        text = rng.choice((f"{a} {verb} {b} {art} {thing}.", f"{a} {verb} {art} {thing} to {b}.", f"{w.cap(art)} {thing} was {past} to {b} by {a}.", f"{b} was {past} {art} {thing} by {a}.", f"It was {a} who {verb} {art} {thing} to {b}.", f"To {b}, {a} {verb} {art} {thing}."))
        if rng.random() < 0.3:
            text = text[:-1] + rng.choice((" yesterday.", f" in {rng.choice(w.CITIES)}.", " without a word."))
        return text, {"giver": a, "receiver": b, "thing": thing}[role]

    what = {"giver": "the person who hands the thing over", "receiver": "the person who gets the thing", "thing": "the thing that changes hands, without the article"}[role]
    return text_function(rng, sample, ["a sentence", "a sentence about two people and a thing"], [f"[print|return|name|extract] {what}", f"[who or what is|find] {what}"], [f"sentence -> {what}"])


@family(GROUP)
def summarise_order(rng: random.Random) -> Function:
    """Orders in prose to a list such as `2x apple, 1x pear` in a drawn notation."""
    shape = rng.choice(("{n}x {p}", "{n} {p}", "{p}:{n}", "{p} x{n}", "{p}={n}", "{p} ({n})"))
    sep = rng.choice((", ", ";", " + ", " | ", ","))
    ones = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}

    def sample(rng: random.Random) -> Pair:
        got = []
        words = []
        for product in rng.sample([p for p in (*w.FRUIT, "cup", "lamp", "pen", "chair", "mug") if p not in ("cherry", "mango", "peach", "raspberry", "strawberry", "papaya")], rng.randint(1, 3)):
            n = rng.randint(1, 6)
            name = rng.choice([k for k, v in ones.items() if v == n and (k != "an" or product[0] in "aeiou") and (k != "a" or product[0] not in "aeiou")] + [str(n)])
            words.append(f"{name} {product}{'s' if n > 1 else ''}")
            got.append(shape.replace("{n}", str(n)).replace("{p}", product))
        joined = words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]
        text = fill(rng, "[I'd like|can i get|We need|please send|order:|add|Give me] {x}[ please|.|, thanks|]", x=joined)
        return text, sep.join(got)

    eg = sep.join(shape.replace("{n}", n).replace("{p}", p) for n, p in (("2", "pear"), ("1", "fig")))
    return text_function(rng, sample, ["an order in words", "a chat order"], ["[write|turn|rewrite] the order [as|into] {eg}", "[list|print] the ordered items in singular like {eg}", "parse the order, style: {eg}"], ["order -> {eg}"], [["numbers in digits, items in singular", "singular names, quantities as digits"]], "list", eg=eg)


@family(GROUP)
def keep_or_empty(rng: random.Random) -> Function:
    """Filter: echo the line if it satisfies the condition, else the fallback word."""
    kind = rng.choice(("person", "city", "email", "phone", "price", "date", "url", "weekday", "code", "time"))
    none = rng.choice(("DROP", "SKIP", *NONE_WORDS))
    have, lack = frames_for(kind), frames_for(kind, 0)

    def sample(rng: random.Random) -> Pair:
        if rng.random() < 0.5:
            text = fill_frame(rng, rng.choice(have))[0]
            return text, text
        return fill_frame(rng, rng.choice(lack))[0], none

    return text_function(rng, sample, ["a line", "a message"], ["[print|return|repeat] the line unchanged if it contains [at least one|a] {~name}, else {none}", "keep lines with a {~name} as they are; all others become {none}", "if there is a {~name} in the line, echo the line; otherwise print {none}"], ["line with {~name} -> the line; else {none}"], [], name=ENTITIES[kind][1], none=none)


@family(GROUP)
def compare_two(rng: random.Random) -> Function:
    """Which of two values is larger, earlier, longer; the answer is copied."""
    sep = rng.choice((" vs ", " / ", ", ", " or ", " | ", " ; "))
    how = rng.choice(("larger", "smaller", "later", "earlier", "longer", "shorter", "first in the alphabet", "last in the alphabet"))

    def sample(rng: random.Random) -> Pair:
        if how in ("larger", "smaller"):
            a, b = rng.sample(range(1, rng.choice((20, 1000, 100000))), 2)
            pick = max(a, b) if how == "larger" else min(a, b)
            return f"{a}{sep}{b}", str(pick)
        if how in ("later", "earlier"):
            x, y = (f"{rng.randrange(2019, 2024)}-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}" for _ in range(2))
            return f"{x}{sep}{y}", max(x, y) if how == "later" else min(x, y)
        pool = [p for p in (*w.PRODUCTS, *w.FRUIT)]
        p, q = rng.sample(pool, 2)
        while len(p) == len(q):
            p, q = rng.sample(pool, 2)
        key: Callable[[str], object] = len if how in ("longer", "shorter") else str
        lo, hi = sorted((p, q), key=key)  # type: ignore[arg-type]
        return f"{p}{sep}{q}", hi if how in ("longer", "last in the alphabet") else lo

    noun = "number" if how in ("larger", "smaller") else "date" if how in ("later", "earlier") else "word"
    which = f"{how} {noun}" if "alphabet" not in how else f"word that comes {how}"
    return text_function(rng, sample, [f"two {noun}s", f"two {noun}s with {{sep}} between them"], [f"[print|return|name|give] the {which}", f"compare the two {noun}s and [print|return] the {which}"], [f"two {noun}s -> the {which}"], [], sep=f'"{sep}"')

