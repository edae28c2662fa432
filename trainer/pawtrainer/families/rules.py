# ruff: noqa: E501 -- tables of wordings read better one entry a line
"""Custom classification and filtering by rules that only the spec states: thresholds, keywords, senders, dates, tables."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise

from pawtrainer.families import words as w
from pawtrainer.families.base import Function, Pair, family
from pawtrainer.families.phrasing import NONE_WORDS, fill, kind, label_function, label_wordings, text_function

GROUP = "core-text"

# what is measured, its unit, a plausible range, and sentences that state it
MEASURES: dict[str, tuple[str, int, int, tuple[str, ...]]] = {
    "temperature": ("degrees", -10, 45, ("{n} degrees in {city}", "it is {n} degrees outside", "temp={n}", "sensor {code}: {n} C", "we measured {n} degrees this morning")),
    "price": ("euros", 1, 900, ("{product} for {n} euros", "{n} EUR, {product}", "the {product} costs {n} euros", "price: {n}", "paid {n} euros for a {product}")),
    "age": ("years", 1, 95, ("{first} is {n} years old", "{first}, {n}", "age: {n}", "I'm {n}, from {city}", "{first} turned {n} on {day}")),
    "score": ("points", 0, 100, ("{first} got {n} points", "score={n}", "{first}: {n}/100", "the test result was {n} points", "{n} points for {first} {last}")),
    "distance": ("kilometres", 1, 900, ("{n} km to {city}", "{city} is {n} kilometres away", "a ride of {n} km", "distance {n} km", "we drove {n} km to {city}")),
    "weight": ("kilograms", 1, 120, ("parcel of {n} kg", "the {product} weighs {n} kg", "{n} kilograms, to {city}", "weight: {n} kg", "box {code}, {n} kg")),
    "waiting time": ("minutes", 1, 240, ("waited {n} minutes", "{n} min in the queue", "{first} has been on hold for {n} minutes", "delay: {n} min", "train to {city} is {n} minutes late")),
    "stock": ("pieces", 0, 500, ("{n} {product}s left", "stock {code}: {n}", "we have {n} pieces of the {product}", "{product}: {n} in store", "only {n} pieces in {city}")),
    "load": ("percent", 0, 100, ("cpu at {n}%", "disk usage {n} percent", "battery {n}%", "load={n}%", "server {code} runs at {n} percent")),
    "group size": ("people", 1, 60, ("table for {n} people", "{n} guests from {city}", "a group of {n}", "party of {n} on {day}", "{first} brings {n} people")),
}


def _measure(rng: random.Random, frames: tuple[str, ...], n: int) -> str:
    return fill(rng, rng.choice(frames), n=str(n), city=w.CITIES, code=w.code(rng), product=w.PRODUCTS, first=w.FIRST, last=w.LAST, day=w.WEEKDAYS)


@family(GROUP)
def threshold_label(rng: random.Random) -> Function:
    """Two to four bins with drawn bounds; values on and next to the bounds are frequent."""
    what = rng.choice(list(MEASURES))
    unit, low, high, frames = MEASURES[what]
    bins = rng.choice((2, 2, 3, 3, 4))
    while True:
        cuts = sorted(rng.sample(range(low + 2, high - 1), bins - 1))
        if all(b - a > 2 for a, b in pairwise(cuts)):
            break
    naming: tuple[tuple[str, ...], ...] = (("low", "high"), ("low", "mid", "high"), ("low", "fair", "high", "top"))[bins - 2], (("small", "big"), ("small", "medium", "big"), ("small", "medium", "big", "huge"))[bins - 2], (("ok", "alert"), ("ok", "warn", "alert"), ("ok", "warn", "alert", "panic"))[bins - 2]
    column = rng.choice(naming)
    kinds = []
    for at in range(bins):
        if at == 0:
            c = cuts[0]
            means: tuple[str, ...] = (f"below {c} {unit}", f"less than {c} {unit}", f"a {what} under {c}", f"up to {c - 1} {unit}")
        elif at == bins - 1:
            c = cuts[-1]
            means = (f"{c} {unit} or more", f"at least {c} {unit}", f"a {what} of {c} or more", f"from {c} {unit} on")
        else:
            a, b = cuts[at - 1], cuts[at] - 1
            means = (f"{a} to {b} {unit}", f"a {what} of {a} to {b}", f"from {a} up to {b} {unit}")
        kinds.append(kind(str(at), column[at], *means))
    edges = [low, *cuts, high + 1]

    def make(rng: random.Random, key: str) -> str:
        a, b = edges[int(key)], edges[int(key) + 1] - 1
        n = rng.choice((a, b, rng.randint(a, b), rng.randint(a, b)))
        return _measure(rng, frames, n)

    return label_function(rng, ["line", "message", "note", f"{what} report"], [f"the class of the {what}", f"the {what} band", f"how to rate the {what}"], kinds, make, plain=False, keep_order=True)


@family(GROUP)
def keyword_rule(rng: random.Random) -> Function:
    """Labels by drawn keywords, the first rule wins; texts hold decoy words."""
    words = rng.sample((*w.PRODUCTS, *w.FRUIT, *w.GROUPS["animal"], "refund", "invoice", "password", "holiday", "meeting", "urgent", "printer", "budget"), rng.randint(2, 3))
    kinds = [kind(str(at), f"{word} has_{word} {word[:3]}", f"a text with the word {word}", f"texts that contain {word}", f"the word {word} in the text") for at, word in enumerate(words)]
    kinds.append(kind("rest", "other rest none", "any other text", "everything else"))
    decoys = [x for x in (*w.PRODUCTS, *w.FRUIT, *w.GROUPS["animal"]) if x not in words and not any(x in word or word in x for word in words)]
    frames = ("we need a {x} and a {y}", "{x} for {first} please", "is the {x} near the {y}?", "{first} asked about the {x}", "no {y}, only the {x}", "Subject: {x}", "the {x} arrived in {city}", "{y}, {x}, {z}", "{first} likes the {y} more than the {x}", "please check the {x} of {first}")

    def make(rng: random.Random, key: str) -> str:
        x = rng.choice(decoys) if key == "rest" else words[int(key)]
        if key != "rest" and rng.random() < 0.2:
            x = rng.choice((x.upper(), w.cap(x)))
        return fill(rng, rng.choice(frames), x=x, y=decoys, z=decoys, first=w.FIRST, city=w.CITIES)

    return label_function(rng, ["text", "message", "line"], ["which word is in it", "the group of the text", "the class by keyword"], kinds, make, plain=False)


@family(GROUP)
def keyword_yes_no(rng: random.Random) -> Function:
    """One condition built of drawn words: contains, contains both, contains the first but not the second, starts or ends with."""
    a, b = rng.sample((*w.PRODUCTS, *w.FRUIT, "refund", "invoice", "today", "urgent", "please", "Monday"), 2)
    how = rng.randrange(6)
    cond = (f"the word {a}", f"both {a} and {b}", f"{a} but not {b}", f"{a} or {b}", f"{a} as its first word", f"{a} as its last word")[how]
    verb = "has"
    yes = kind("yes", "yes true keep match 1 pass", f"a line that {verb} {cond}", f"lines with {cond}")
    no = kind("no", "no false drop miss 0 fail", "any other line", "everything else", "all other lines")
    fill_words = [x for x in (*w.FRUIT, *w.PRODUCTS, *w.FIRST, "buy", "sell", "new", "old", "and", "the", "for") if x not in (a, b)]

    def make(rng: random.Random, key: str) -> str:
        rest = rng.sample(fill_words, rng.randint(2, 4))
        has = {0: ([a], [b]), 1: ([a, b], [a]), 2: ([a], [a, b]), 3: ([rng.choice((a, b))], []), 4: ([], []), 5: ([], [])}[how][key == "no"]
        if how == 1 and key == "no":
            has = rng.choice(([a], [b], []))
        if how == 2 and key == "no":
            has = rng.choice(([a, b], [b], []))
        for word in has:
            rest.insert(rng.randrange(len(rest) + 1), word)
        if how in (4, 5):
            rest.insert((0 if how == 4 else len(rest)) if key == "yes" else rng.randrange(1, len(rest)) if rng.random() < 0.6 else (len(rest) if how == 4 else 0), a)
        return " ".join(rest)

    return label_function(rng, ["line", "text", "row of words"], [f"whether the line {verb} {cond}", f"if it {verb} {cond}"], [yes, no], make, questions=[f"does the line have {cond}", f"is there {cond}" if how < 4 else f"does it have {cond}", f"has {cond}"])


@family(GROUP)
def sender_table(rng: random.Random) -> Function:
    """A drawn table of names (or domains) to labels; the message tells the sender."""
    by_domain = rng.random() < 0.4
    keys = rng.sample(w.DOMAINS if by_domain else w.FIRST, rng.randint(3, 5))
    values = rng.sample(("VIP", "family", "work", "bank", "school", "club", "spam", "sales", "boss", "doctor", "shop"), rng.randint(2, len(keys) - 1) if len(keys) > 2 else 2)
    table = {key: values[at % len(values)] for at, key in enumerate(keys)}
    fallback = rng.choice(("other", "unknown", "rest", "NONE", "stranger"))
    labels = [*dict.fromkeys(table.values()), fallback]
    order = rng.sample(labels, len(labels))
    rest = [x for x in (w.DOMAINS if by_domain else w.FIRST) if x not in table]

    def sample(rng: random.Random) -> Pair:
        label = rng.choice(labels)
        key = rng.choice(rest) if label == fallback else rng.choice([k for k, v in table.items() if v == label])
        if by_domain:
            who = f"{rng.choice(w.FIRST).lower()}@{key}"
        else:
            who = rng.choice((key, f"{key} {rng.choice(w.LAST)}", key.lower()))
        other = rng.choice(w.LAST)
        return rng.choice((f"From: {who} - {rng.choice(w.FILLER)}", f"{who} wrote: {rng.choice(w.FILLER)}", f"mail from {who}, subject {rng.choice(w.PRODUCTS)}", f"{who}: {rng.choice(w.FILLER)}", f"[{who}] Mr {other} called")), label

    classes = []
    for label in order:
        members = [k for k, v in table.items() if v == label]
        classes.append((label, ("everybody else", "all other senders", "any other sender") if label == fallback else (" and ".join(members) if len(members) < 3 else ", ".join(members), "mail from " + " or ".join(members), "the sender " + " or ".join(members))))
    # senders are names, so they must keep their case: build the spec from protected parts
    wordings = label_wordings(rng, ["message", "mail", "line"], ["the group of the sender", "the folder by sender", "who it comes from"], classes, False)
    return Function(wordings, "label", sample, tuple(labels))


@family(GROUP)
def date_bound(rng: random.Random) -> Function:
    """Before, on or after a drawn date; or inside and outside a drawn span."""
    year, month, day = rng.randrange(2015, 2026), rng.randrange(1, 13), rng.randrange(2, 28)
    bound = f"{year}-{month:02d}-{day:02d}"
    three = rng.random() < 0.4
    kinds = [kind("before", "before early old past", f"a date before {bound}", f"dates earlier than {bound}", f"anything before {bound}")]
    if three:
        kinds.append(kind("on", "on same equal today", f"exactly {bound}", f"the day {bound} itself"))
        kinds.append(kind("after", "after late new future", f"a date after {bound}", f"dates later than {bound}"))
    else:
        kinds.append(kind("after", "after late new future", f"{bound} or later", f"a date from {bound} on", f"dates not before {bound}"))

    def make(rng: random.Random, key: str) -> str:
        for _ in range(300):
            d = rng.choice(((year, month, day), (year, month, rng.randrange(1, 29)), (year, rng.randrange(1, 13), rng.randrange(1, 29)), (year + rng.choice((-1, 1)), rng.randrange(1, 13), rng.randrange(1, 29))))
            text = f"{d[0]}-{d[1]:02d}-{d[2]:02d}"
            where = "before" if text < bound else "on" if text == bound and three else "after"
            if where == key:
                break
        else:
            text = {"before": f"{year - 1}-12-01", "on": bound, "after": f"{year + 1}-02-03"}[key]
        return rng.choice((text, f"invoice of {text}", f"{w.person(rng)}, {text}", f"created {text} by {rng.choice(w.FIRST)}", f"{text} {rng.choice(w.PRODUCTS)}"))

    return label_function(rng, ["line with a date", "record", "entry"], ["the side of the date", f"where the date lies against {bound}", "the class by date"], kinds, make, plain=False)


@family(GROUP)
def number_property(rng: random.Random) -> Function:
    how = rng.choice(("even", "sign", "digits", "divisible", "range"))
    n = rng.choice((3, 5, 10))
    a = rng.randrange(10, 50)
    b = a + rng.randrange(10, 60)
    kinds_by = {
        "even": [kind("0", "even yes pair", "an even number", "numbers divisible by two"), kind("1", "odd no unpaired", "an odd number", "numbers not divisible by two")],
        "sign": [kind("0", "negative minus below", "a number below zero", "negative numbers"), kind("1", "zero nil null", "zero", "exactly 0"), kind("2", "positive plus above", "a number above zero", "positive numbers")],
        "digits": [kind("0", "short one small", "a number with one or two digits", "up to two digits"), kind("1", "long many large", "a number with three or more digits", "at least three digits")],
        "divisible": [kind("0", "yes fits multiple", f"a multiple of {n}", f"numbers divisible by {n}"), kind("1", "no rest remainder", "any other number", f"numbers not divisible by {n}")],
        "range": [kind("0", "inside in ok", f"a number from {a} to {b}, both included", f"{a} up to and including {b}"), kind("1", "outside out bad", "any other number", "numbers outside of it")],
    }

    def make(rng: random.Random, key: str) -> str:
        for _ in range(200):
            x = rng.choice((rng.randrange(0, 1000), rng.randrange(0, 120))) if how != "sign" else rng.choice((0, rng.randrange(-99, 100)))
            if how == "range":
                x = rng.choice((a, b, a - 1, b + 1, rng.randrange(1, 160)))
            got = {"even": str(x % 2), "sign": "0" if x < 0 else "1" if x == 0 else "2", "digits": "0" if x < 100 else "1", "divisible": "0" if x % n == 0 else "1", "range": "0" if a <= x <= b else "1"}[how]
            if got == key:
                break
        return rng.choice((str(x), str(x), f"n={x}", f"value {x}", f"{x}"))

    return label_function(rng, ["number", "line with a number"], ["the property of the number", "the class of the number", "the kind of number"], kinds_by[how], make, plain=how in ("even", "sign"))


@family(GROUP)
def two_conditions(rng: random.Random) -> Function:
    """Order lines: four classes or three by customer kind and amount, so that two facts must be read together."""
    limit = rng.choice((50, 100, 200, 500, 1000))
    country = rng.choice(w.COUNTRIES[:20])
    inside_big, inside_small, outside = "ib", "is", "o"
    kinds = [kind(inside_big, "check review manual", f"an order from {country} of {limit} euros or more", f"{country} with an amount from {limit} on"), kind(inside_small, "pass auto fast", f"an order from {country} below {limit} euros", f"{country} with less than {limit}"), kind(outside, "foreign abroad export", "an order from any other country", "all other countries, whatever the amount")]
    if rng.random() < 0.35:
        kinds = [kinds[0], kind("rest", "pass ok skip", "any other order", "everything else")]

    def make(rng: random.Random, key: str) -> str:
        if key == "rest":
            key = rng.choice((inside_small, outside))
        place = country if key != outside else rng.choice([c for c in w.COUNTRIES if c != country])
        amount = rng.choice((limit, limit + rng.randrange(1, limit))) if key == inside_big or (key == outside and rng.random() < 0.6) else rng.choice((limit - 1, rng.randrange(1, limit)))
        return rng.choice((f"{rng.choice(w.PRODUCTS)}, {amount} EUR, {place}", f"order {w.code(rng)}: {amount} euros to {place}", f"{place} | {w.person(rng)} | {amount}.00", f"{w.person(rng)} ({place}) pays {amount} euros", f"country={place} amount={amount}"))

    return label_function(rng, ["order", "order line"], ["how to handle the order", "the lane of the order"], kinds, make, plain=False)


@family(GROUP)
def field_test(rng: random.Random) -> Function:
    """key=value records: the label follows one drawn field, the rest is noise."""
    fields = {"status": ("open", "closed", "pending", "failed"), "priority": ("low", "medium", "high"), "role": ("admin", "guest", "member", "owner"), "paid": ("yes", "no"), "color": w.GROUPS["colour"][:6], "size": ("S", "M", "L", "XL"), "lang": ("en", "de", "fr", "es")}
    key = rng.choice(list(fields))
    values = rng.sample(fields[key], min(len(fields[key]), rng.randint(2, 3)))
    kinds = [kind(v, f"{v} is_{v}", f"records whose {key} is {v}", f"{key} {v}", f"a record with {key} {v}") for v in values]
    left = [v for v in fields[key] if v not in values]
    if left:
        kinds.append(kind("rest", "other rest none", "any other record", "all other values"))
    sep = rng.choice((" ", ", ", "; ", "&", " | "))
    eq = rng.choice(("=", ":", "=", ": ")) if sep != "&" else "="

    def make(rng: random.Random, label: str) -> str:
        other = {k: rng.choice(v) for k, v in fields.items() if k != key}
        shown = [(k, other[k]) for k in rng.sample(list(other), rng.randint(1, 3))]
        shown.insert(rng.randrange(len(shown) + 1), (key, rng.choice(left) if label == "rest" else label))
        shown.insert(rng.randrange(len(shown) + 1), ("id", str(rng.randrange(100, 9999))))
        return sep.join(f"{k}{eq}{v}" for k, v in shown)

    return label_function(rng, ["record", "key-value line"], [f"the class by {key}", f"the group of the record by its {key}"], kinds, make, plain=False)


@family(GROUP)
def rewrite_by_table(rng: random.Random) -> Function:
    """Replace abbreviations (or code words) by a drawn table; the rest of the text stays."""
    table = {"asap": "as soon as possible", "fyi": "for your information", "eod": "end of day", "tbd": "to be decided", "wfh": "working from home", "ooo": "out of office", "btw": "by the way", "imo": "in my opinion", "eta": "time of arrival", "qty": "quantity", "appt": "appointment", "mtg": "meeting", "dept": "department", "mgr": "manager"}
    if rng.random() < 0.4:
        table = dict(zip(rng.sample(w.GROUPS["animal"], 12), rng.sample(w.PRODUCTS, 12), strict=True))
    used = dict(rng.sample(list(table.items()), rng.randint(3, 5)))
    back = rng.random() < 0.25
    frames = ("please answer {x}", "the {x} for {first} is on {day}", "{x}: {first} is in {city}", "{first} needs the {x} and the {y}", "no {x} today", "{x}, {first}!", "send {first} the {x} by {day}")

    def sample(rng: random.Random) -> Pair:
        a, b = rng.sample(list(used), 2)
        frame = fill(rng, rng.choice(frames), first=w.FIRST, city=w.CITIES, day=w.WEEKDAYS, x="\x00", y="\x01")
        short, long = frame.replace("\x00", a).replace("\x01", b), frame.replace("\x00", used[a]).replace("\x01", used[b])
        if rng.random() < 0.08:
            text = rng.choice(w.FILLER)
            return text, text
        return (long, short) if back else (short, long)

    shown = (", ", "; ", "\n")[rng.randrange(3)].join(f"{v} = {k}" if back else f"{k} = {v}" for k, v in used.items())
    word = "shorten" if back else "expand"
    return text_function(rng, sample, ["a short text", "a line"], [f"{word} the terms:[ |\n]{{table}}", "replace by this table:[ |\n]{table}", "in the text, left becomes right:[ |\n]{table}"], ["text -> {table}", f"{word} {{table}}"], [["the rest of the text stays [as it is|]", "leave all other words alone", "change nothing else"]], table=shown)


@family(GROUP)
def pick_by_rule(rng: random.Random) -> Function:
    """From `name number` items, the name with the highest or lowest number, or all above a bound."""
    how = rng.choice(("highest", "lowest", "above", "below", "sum", "count"))
    bound = rng.randrange(20, 80)
    sep, eq = rng.choice((", ", "; ", " | ", " ")), rng.choice((":", "=", " " ,"-"))
    if sep == " " and eq == " ":
        eq = "="
    none = rng.choice(NONE_WORDS)
    out = rng.choice((", ", " ", ";"))
    pool = rng.choice((w.FIRST, w.FRUIT, w.PRODUCTS))

    def sample(rng: random.Random) -> Pair:
        names = rng.sample(pool, rng.randint(2, 4))
        values = rng.sample(range(1, 100), len(names))
        rows = list(zip(names, values, strict=True))
        text = sep.join(f"{k}{eq}{v}" for k, v in rows)
        best = max(rows, key=lambda r: r[1])[0] if how == "highest" else min(rows, key=lambda r: r[1])[0]
        chosen = [k for k, v in rows if (v > bound if how in ("above", "count") else v < bound)]
        return text, {"highest": best, "lowest": best, "above": out.join(chosen) or none, "below": out.join(chosen) or none, "sum": str(sum(values)), "count": str(len(chosen))}[how]

    goal = {"highest": "the name with the highest number", "lowest": "the name with the lowest number", "above": "all names with a number above {b}, joined with {out} ({none} if there are none)", "below": "all names with a number below {b}, joined with {out} ({none} if there are none)", "sum": "the sum of the numbers", "count": "how many numbers are above {b}"}[how]
    return text_function(rng, sample, ["names with numbers", "a line of names and numbers"], [f"[print|return|give] {goal}", f"[find|output] {goal}"], [f"names with numbers -> {goal}"], b=str(bound), out=f'"{out}"', none=none)


@family(GROUP)
def length_rule(rng: random.Random) -> Function:
    """Short or long by word count or characters, bound drawn; or line has digits, capitals, a question mark."""
    n = rng.randint(3, 6)
    tests: tuple[tuple[str, Callable[[str], bool]], ...] = (
        (f"more than {n} words", lambda t: len(t.split()) > n), ("a digit in it", lambda t: any(c.isdigit() for c in t)), ("a question mark at the end", lambda t: t.endswith("?")), ("a capital letter at the start", lambda t: t[0].isupper()), ("only capital letters", lambda t: t.isupper()), ("a comma in it", lambda t: "," in t), ("an exclamation mark", lambda t: "!" in t),
    )
    cond, test = rng.choice(tests)
    kinds = [kind("yes", "yes true 1 A hit", f"a line with {cond}", f"lines that have {cond}"), kind("no", "no false 0 B miss", "any other line", "all other lines", "everything else")]

    def make(rng: random.Random, key: str) -> str:
        for _ in range(60):
            words = rng.choice(w.FILLER).split(" ")
            text = " ".join(words[: rng.randint(2, len(words))])
            if rng.random() < 0.4:
                text = f"{text} {rng.randrange(100)}" if rng.random() < 0.5 else f"{text}, {rng.choice(w.FIRST)}"
            text = rng.choice((text, w.cap(text), text.upper())) + rng.choice(("", "", ".", "?", "!"))
            if test(text) == (key == "yes"):
                break
        return text

    return label_function(rng, ["line", "text"], [f"whether the line has {cond}", f"if there is {cond}"], kinds, make, questions=[f"does the line have {cond}", f"has it {cond}", f"{cond}"])

