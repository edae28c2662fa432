# ruff: noqa: E501, SIM905 -- tables of wordings read better one entry a line
"""Conversions: flat records between formats; dates, times, durations, numbers, money, phones, names, units, URLs, paths."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any
from urllib.parse import quote_plus

from pawtrainer.families import words as w
from pawtrainer.families.base import Function, Pair, family
from pawtrainer.families.phrasing import NONE_WORDS, kind, label_function, text_function
from pawtrainer.families.repair import field_value, json_style, tells
from pawtrainer.families.words import FIELDS, MONTHS, WEEKDAYS

GROUP = "format-repair-and-conversion"

# ---------------------------------------------------------------------------------------------------------
# flat records

Flat = dict[str, str]


def _csv(value: str, sep: str) -> str:
    return f'"{value}"' if sep in value else value


FORMATS: dict[str, tuple[Callable[[Flat], str], tuple[str, ...]]] = {
    "query": (lambda d: "&".join(f"{k}={quote_plus(v)}" for k, v in d.items()), ("a URL query string", "query string form (a=1&b=2)")),
    "ini": (lambda d: "\n".join(f"{k}={v}" for k, v in d.items()), ("key=value lines", "properties lines (key=value)")),
    "spaced": (lambda d: "\n".join(f"{k} = {v}" for k, v in d.items()), ("INI lines (key = value)",)),
    "yaml": (lambda d: "\n".join(f"{k}: {v}" for k, v in d.items()), ("YAML", "YAML lines (key: value)")),
    "semi": (lambda d: "; ".join(f"{k}={v}" for k, v in d.items()), ("pairs like k=v; k=v", "key=value pairs separated by a semicolon and a space")),
    "comma": (lambda d: ", ".join(f"{k}: {v}" for k, v in d.items()), ("pairs like k: v, k: v", "key: value pairs separated by a comma and a space")),
    "pipe": (lambda d: " | ".join(f"{k}={v}" for k, v in d.items()), ("pairs like k=v | k=v",)),
    "csv": (lambda d: ",".join(d) + "\n" + ",".join(_csv(v, ",") for v in d.values()), ("CSV with a header line", "two CSV lines, header first")),
    "tsv": (lambda d: "\t".join(d) + "\n" + "\t".join(d.values()), ("TSV with a header line", "tab-separated text, header first")),
    "logfmt": (lambda d: " ".join(f'{k}="{v}"' if " " in v else f"{k}={v}" for k, v in d.items()), ("logfmt", 'logfmt (k=v, values with blanks in double quotes)')),
    "xml": (lambda d: "".join(f"<{k}>{v}</{k}>" for k, v in d.items()), ("XML elements in a row, like <k>v</k>",)),
    "env": (lambda d: "\n".join(f'export {k.upper()}="{v}"' for k, v in d.items()), ('shell lines like export KEY="value", keys in upper case',)),
    "attrs": (lambda d: " ".join(f'{k}="{v}"' for k, v in d.items()), ('XML attributes, like k="v"',)),
    "flags": (lambda d: " ".join(f"--{k}={v}" if " " not in v else f'--{k}="{v}"' for k, v in d.items()), ('command line flags like --key=value, values with blanks in double quotes',)),
}


def flat(rng: random.Random, keys: list[str] | None = None) -> Flat:
    """Two to four text fields without commas, quotes or line breaks in the values."""
    keys = keys or rng.sample([k for k in FIELDS if k not in ("note",)], rng.randint(2, 4))
    return {key: str(field_value(rng, key, True)).replace("#", "") for key in keys}


@family(GROUP)
def record_convert(rng: random.Random) -> Function:
    source, target = rng.sample(list(FORMATS), 2)
    slots: dict[str, Any] = {"src": FORMATS[source][1], "dst": FORMATS[target][1]}

    def sample(rng: random.Random) -> Pair:
        made = flat(rng)
        return FORMATS[source][0](made), FORMATS[target][0](made)

    return text_function(rng, sample, ["a record as {src}", "{src}"], ["convert the record from {src} to {dst}", "[rewrite|write|turn] the {src} [as|into] {dst}", "[print|return] the same data as {dst}, the input is {src}", "change {src} into {dst}"], ["{src} -> {dst}", "{src} to {dst}"], [], **slots)


@family(GROUP)
def record_to_json(rng: random.Random) -> Function:
    source = rng.choice(list(FORMATS))
    dump, told = json_style(rng)
    numbers = rng.random() < 0.45
    slots: dict[str, Any] = {"src": FORMATS[source][1]}
    protected: dict[str, str] = {}
    rules = [tells(told, protected)]
    rules.append(["[numbers stay numbers|write numbers without quotes], all else is a string", "[values that are|] numbers become JSON numbers, the rest strings"] if numbers else ["all values are strings", "[keep|write] every value as a string, numbers too", "values always in quotes"])

    def value(text: str) -> object:
        if numbers:
            try:
                return int(text)
            except ValueError:
                try:
                    return float(text)
                except ValueError:
                    return text
        return text

    def sample(rng: random.Random) -> Pair:
        made = {k: v for k, v in flat(rng).items() if not (numbers and v[:1] == "0" and v.isdigit())}
        made = made or {"id": "7"}
        lower = {k.lower(): value(v) for k, v in made.items()}
        return FORMATS[source][0](made), dump(lower)

    if source == "env":
        rules.append(["keys in lower case", "lower-case the keys"])
    return text_function(rng, sample, ["a record as {src}", "{src}"], ["convert the {src} to [a|one] JSON object", "[rewrite|write|turn] the {src} [as|into] JSON", "parse {src} [and print JSON|into a JSON object]"], ["{src} -> json", "{src} to a JSON object"], rules, "json", **slots, **protected)


@family(GROUP)
def json_to_record(rng: random.Random) -> Function:
    target = rng.choice(list(FORMATS))

    def sample(rng: random.Random) -> Pair:
        made = flat(rng)
        return json.dumps(made, ensure_ascii=False, separators=rng.choice(((",", ":"), (", ", ": ")))), FORMATS[target][0](made)

    return text_function(rng, sample, ["a flat JSON object", "JSON"], ["convert the JSON [object|] to {dst}", "[rewrite|write|turn|flatten] the JSON [as|into|to] {dst}", "[print|return] the fields [of the JSON|] as {dst}, same order"], ["json -> {dst}", "json to {dst}"], [], dst=FORMATS[target][1])


@family(GROUP)
def row_with_header(rng: random.Random) -> Function:
    """A bare CSV row whose columns the spec names, to JSON, pairs or a single column; or JSON to such a row."""
    keys = rng.sample([k for k in FIELDS if k not in ("note", "active", "paid")], rng.randint(2, 4))
    sep = rng.choice((",", ";", "\t", "|", ", "))
    how = rng.randrange(4)
    one = rng.choice(keys)
    dump, told = json_style(rng)
    slots: dict[str, Any] = {"cols": rng.choice((", ".join(keys), sep.join(keys))) if sep != "\t" else ", ".join(keys), "sep": {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", ", ": "comma and space"}[sep], "one": one}
    protected: dict[str, str] = {}

    def sample(rng: random.Random) -> Pair:
        made = flat(rng, keys)
        row = sep.join(made.values())
        if how == 0:
            return row, dump(made)
        if how == 1:
            return row, made[one]
        if how == 2:
            shuffled = list(made.items())
            rng.shuffle(shuffled)
            return json.dumps(dict(shuffled), ensure_ascii=False), row
        return row, ", ".join(f"{k}={v}" for k, v in made.items())

    if how == 0:
        return text_function(rng, sample, ["a {sep}-separated row with the columns {cols}", "one row: {cols} ({sep}-separated)"], ["turn the {sep}-separated row ({cols}) into a JSON object", "the columns are {cols}, separated by a {sep}; print the row as JSON with these keys", "parse the {sep}-separated line into JSON with the keys {cols}"], ["row ({cols}, {sep}-separated) -> json"], [["all values are strings", "keep values as strings"], tells(told, protected)], "json", **slots, **protected)
    if how == 1:
        return text_function(rng, sample, ["a {sep}-separated row with the columns {cols}"], ["the columns are {cols}; [print|return] only {one}", "[print|get|extract] the column {one} from a {sep}-separated row with the columns {cols}"], ["row of {cols} -> {one}"], **slots)
    if how == 2:
        return text_function(rng, sample, ["a JSON object with the keys {cols}"], ["[write|flatten|turn] the JSON [as|to|into] one {sep}-separated row, columns in the order {cols}", "[print|return] the values in the order {cols}, separated by a {sep}"], ["json -> {sep}-separated row {cols}"], [], **slots)
    return text_function(rng, sample, ["a {sep}-separated row with the columns {cols}"], ["[rewrite|print] the {sep}-separated row ({cols}) as {shape}", "columns are {cols}, {sep}-separated. write {shape}"], ["row of {cols} ({sep}-separated) -> {shape}"], [], shape="key=value pairs separated by a comma and a space", **slots)


# ---------------------------------------------------------------------------------------------------------
# dates, times, durations

Date = tuple[int, int, int]


def _ordinal(day: int) -> str:
    return f"{day}{'th' if 10 < day < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th')}"


DATE_OUT: dict[str, Callable[[Date], str]] = {
    "YYYY-MM-DD": lambda d: f"{d[0]}-{d[1]:02d}-{d[2]:02d}", "DD.MM.YYYY": lambda d: f"{d[2]:02d}.{d[1]:02d}.{d[0]}", "MM/DD/YYYY": lambda d: f"{d[1]:02d}/{d[2]:02d}/{d[0]}",
    "DD/MM/YYYY": lambda d: f"{d[2]:02d}/{d[1]:02d}/{d[0]}", "YYYYMMDD": lambda d: f"{d[0]}{d[1]:02d}{d[2]:02d}", "YYYY/MM/DD": lambda d: f"{d[0]}/{d[1]:02d}/{d[2]:02d}",
    "D Month YYYY": lambda d: f"{d[2]} {MONTHS[d[1] - 1]} {d[0]}", "Month D, YYYY": lambda d: f"{MONTHS[d[1] - 1]} {d[2]}, {d[0]}", "DD Mon YYYY": lambda d: f"{d[2]:02d} {MONTHS[d[1] - 1][:3]} {d[0]}",
    "DD-MM-YY": lambda d: f"{d[2]:02d}-{d[1]:02d}-{d[0] % 100:02d}", "Mon YYYY": lambda d: f"{MONTHS[d[1] - 1][:3]} {d[0]}", "YYYY-MM": lambda d: f"{d[0]}-{d[1]:02d}", "MM/YY": lambda d: f"{d[1]:02d}/{d[0] % 100:02d}",
    "DD-Mon-YYYY": lambda d: f"{d[2]:02d}-{MONTHS[d[1] - 1][:3].upper()}-{d[0]}", "YYYY.MM.DD": lambda d: f"{d[0]}.{d[1]:02d}.{d[2]:02d}",
}
DATE_EXAMPLE = {name: show((2024, 3, 5)) for name, show in DATE_OUT.items()}


def date(rng: random.Random, low: int = 1985, high: int = 2027) -> Date:
    return rng.randrange(low, high), rng.randrange(1, 13), rng.randrange(1, 29)


def date_in(rng: random.Random, d: Date, numeric: str) -> str:
    """A date as people write it; `numeric` says who goes first in 3/4/2024: day, month, or none of that shape."""
    year, month, day = d
    name = MONTHS[month - 1]
    short = name[:3]
    shapes = [f"{day} {name} {year}", f"{name} {day}, {year}", f"{name} {_ordinal(day)}, {year}", f"{_ordinal(day)} {name} {year}", f"{_ordinal(day)} of {name} {year}", f"{short} {day}, {year}", f"{day} {short} {year}", f"{day}-{short}-{year}",
              f"{year}-{month:02d}-{day:02d}", f"{year}/{month}/{day}", f"{day}. {name} {year}", f"{year} {name} {day}", f"{name.upper()} {day} {year}", f"{short.lower()} {day} {year}", f"{day:02d} {short} '{year % 100:02d}" if year >= 2000 else f"{day} {short} {year}", f"{year}{month:02d}{day:02d}"]
    if numeric == "day":
        shapes += [f"{day}.{month}.{year}", f"{day:02d}/{month:02d}/{year}", f"{day}/{month}/{year}", f"{day:02d}.{month:02d}.{year}", f"{day}-{month}-{year}"] * 2
    elif numeric == "month":
        shapes += [f"{month}/{day}/{year}", f"{month:02d}/{day:02d}/{year}", f"{month:02d}-{day:02d}-{year}", f"{month}-{day}-{year}"] * 2
    return rng.choice(shapes)


@family(GROUP)
def date_normalise(rng: random.Random) -> Function:
    fmt = rng.choice((*DATE_OUT, "YYYY-MM-DD", "YYYY-MM-DD", "YYYY-MM-DD"))
    numeric = rng.choice(("day", "month", "none", "none"))
    embedded = rng.random() < 0.35
    none = rng.choice(NONE_WORDS) if rng.random() < 0.4 else ""
    frames = ("The contract ends on {d}.", "born {d} in {c}", "see you {d}!", "Invoice of {d}", "due date: {d}", "valid until {d}", "{d} - {c} fair", "We met on {d} in {c}.", "date={d}", "delivery {d}, please confirm")

    def sample(rng: random.Random) -> Pair:
        if none and rng.random() < 0.2:
            return rng.choice((w.filler(rng), rng.choice(w.CITIES), "no date given", "soon", "tba", f"order {rng.randrange(100, 999)}")), none
        d = date(rng)
        shown = date_in(rng, d, numeric)
        if embedded:
            shown = rng.choice(frames).replace("{d}", shown).replace("{c}", rng.choice(w.CITIES))
        return shown, DATE_OUT[fmt](d)

    names: str | tuple[str, ...] = ("YYYY-MM-DD", "YYYY-MM-DD", "ISO format (YYYY-MM-DD)", "ISO", "ISO 8601") if fmt == "YYYY-MM-DD" else fmt
    slots: dict[str, Any] = {"fmt": names, "eg": DATE_EXAMPLE[fmt], "none": none}
    rules = []
    if numeric != "none":
        first = "day" if numeric == "day" else "month"
        rules.append([f"[in all-number dates|with numbers only,] the {first} comes first", f"numeric dates are {first} first", f"the first number of a date like 3/4/2020 is the {first}"])
    if none:
        rules.append(["[if|when] there is no date, [answer|print|write] {none}", "no date: {none}", "{none} when no date is given"])
    return text_function(rng, sample, ["a date in any notation", "a text with a date" if embedded else "a date as people write it"],
                         ["[turn|convert|change] [any|the] date [in]to {fmt}".replace("[in]to", "to"), "[rewrite|write|print] the date as {fmt}", "normalise the date to {fmt} (like {eg})", "[bring|put] [dates|the date] into the form {fmt}", "[return|output] the date in the format {fmt}, for instance {eg}"],
                         ["date -> {fmt}", "any date to {fmt}", "{fmt} please, whatever way the date is written"], rules, **slots)


@family(GROUP)
def date_part(rng: random.Random) -> Function:
    part = rng.choice(("year", "month", "day", "month number", "quarter", "decade"))
    numeric = rng.choice(("day", "month", "none"))
    work: dict[str, Callable[[Date], str]] = {"year": lambda d: str(d[0]), "month": lambda d: MONTHS[d[1] - 1], "day": lambda d: str(d[2]), "month number": lambda d: str(d[1]), "quarter": lambda d: f"Q{(d[1] + 2) // 3}", "decade": lambda d: f"{d[0] // 10 * 10}s"}
    tell = {"year": "the year", "month": "the name of the month in full", "day": "the day of the month as a plain number", "month number": "the month as a number from 1 to 12", "quarter": "the quarter (Q1 to Q4)", "decade": "the decade, like 1990s"}[part]

    def sample(rng: random.Random) -> Pair:
        d = date(rng)
        return date_in(rng, d, numeric), work[part](d)

    rules = [] if numeric == "none" else [[f"numeric dates have the {numeric} first", f"in dates like 3/4/2020 the first number is the {numeric}"]]
    return text_function(rng, sample, ["a date", "a date in some notation"], ["[print|return|give|extract|get] {~tell} of the date", "[find|read off] {~tell}"], ["date -> {~tell}"], rules, tell=tell)


@family(GROUP)
def time_normalise(rng: random.Random) -> Function:
    to24 = rng.random() < 0.65
    fmt = rng.choice(("HH:MM", "HHMM", "HH.MM", "HHhMM", "HH:MM:SS")) if to24 else rng.choice(("h:MM AM/PM", "h:MMam/pm", "h.MM a.m./p.m."))

    def show(hour: int, minute: int) -> str:
        half, twelve = ("AM" if hour < 12 else "PM"), hour % 12 or 12
        table = {"HH:MM": f"{hour:02d}:{minute:02d}", "HHMM": f"{hour:02d}{minute:02d}", "HH.MM": f"{hour:02d}.{minute:02d}", "HHhMM": f"{hour:02d}h{minute:02d}", "HH:MM:SS": f"{hour:02d}:{minute:02d}:00",
                 "h:MM AM/PM": f"{twelve}:{minute:02d} {half}", "h:MMam/pm": f"{twelve}:{minute:02d}{half.lower()}", "h.MM a.m./p.m.": f"{twelve}.{minute:02d} {half[0].lower()}.m."}
        return table[fmt]

    def sample(rng: random.Random) -> Pair:
        hour, minute = rng.randrange(24), rng.choice((0, 0, 5, 10, 15, 20, 25, 30, 40, 45, 50, 55, rng.randrange(60)))
        half, twelve = ("am" if hour < 12 else "pm"), hour % 12 or 12
        if to24:
            shapes = [f"{twelve}:{minute:02d} {half}", f"{twelve}:{minute:02d}{half.upper()}", f"{twelve}.{minute:02d} {half[0]}.m.", f"{twelve}:{minute:02d} {half.upper()}"]
            if minute == 0:
                shapes += [f"{twelve} {half}", f"{twelve}{half}", f"{twelve} o'clock " + ("in the morning" if 4 < hour < 12 else "in the evening" if 17 < hour < 22 else "at night" if hour > 21 or hour < 5 else "in the afternoon")]
                shapes += {0: ["midnight"], 12: ["noon", "midday"]}.get(hour, [])
            elif 0 < hour < 23 and minute in (15, 30, 45):
                when = "in the morning" if 4 < hour < 12 else "in the evening" if 17 < hour < 22 else "in the afternoon" if 12 < hour < 18 else ""
                if when and not (hour in (11, 17) and minute == 45):
                    shapes.append({15: f"quarter past {twelve} {when}", 30: f"half past {twelve} {when}", 45: f"quarter to {(hour + 1) % 12 or 12} {when}"}[minute])
            given = rng.choice(shapes)
        else:
            given = rng.choice((f"{hour:02d}:{minute:02d}", f"{hour}:{minute:02d}", f"{hour:02d}.{minute:02d}", f"{hour:02d}h{minute:02d}", f"{hour:02d}{minute:02d}"))
        if rng.random() < 0.2:
            given = rng.choice(("at {}", "start: {}", "from {}", "{} sharp")).replace("{}", given)
        return given, show(hour, minute)

    eg = show(9, 5), show(17, 30)
    goal = "24-hour time" if to24 else "12-hour time"
    return text_function(rng, sample, ["a time of day", "a time as people write it"], ["[convert|turn|change] the time [of day|] to [24-hour|12-hour] {fmt}".replace("[24-hour|12-hour]", "24-hour" if to24 else "12-hour"), f"[write|print|normalise] the time [in|as|to] {goal}, {{fmt}} (like {{eg}})"], [f"time -> {goal}, {{fmt}}", "any time -> {fmt}"], [["for instance {eg}", "so {eg} [are|is] the style"]] if rng.random() < 0.3 else [], fmt=fmt, eg=rng.choice(eg))


@family(GROUP)
def duration(rng: random.Random) -> Function:
    fmt = rng.choice(("minutes", "seconds", "H:MM", "HH:MM:SS", "ISO", "short", "hours"))

    def sample(rng: random.Random) -> Pair:
        hours, minutes = rng.choice(((0, rng.randrange(1, 60)), (rng.randrange(1, 10), rng.choice((0, 15, 30, 45, 10, 20, 5))), (rng.randrange(1, 25), rng.randrange(60))))
        if fmt == "hours":
            minutes = rng.choice((0, 15, 30, 45)) if hours else rng.choice((15, 30, 45))
        shapes = []
        h, m = f"{hours} {'hour' if hours == 1 else 'hours'}", f"{minutes} {'minute' if minutes == 1 else 'minutes'}"
        if hours and minutes:
            shapes = [f"{h} and {m}", f"{hours}h {minutes}m", f"{hours}h{minutes:02d}", f"{hours} hrs {minutes} min", f"{h} {m}", f"{hours}h {minutes}min"]
            if minutes == 30:
                shapes += [f"{hours}.5 hours", f"{hours} and a half hours"]
        elif hours:
            shapes = [h, f"{hours}h", f"{hours} hrs", f"{hours * 60} minutes", f"{hours} hr"]
        else:
            shapes = [m, f"{minutes}m", f"{minutes} min", f"{minutes} mins"] + (["half an hour"] if minutes == 30 else []) + (["a quarter of an hour"] if minutes == 15 else [])
        total = hours * 60 + minutes
        out = {"minutes": str(total), "seconds": str(total * 60), "H:MM": f"{hours}:{minutes:02d}", "HH:MM:SS": f"{hours:02d}:{minutes:02d}:00", "ISO": "PT" + (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else ""),
               "short": " ".join(x for x in (f"{hours}h" if hours else "", f"{minutes}m" if minutes else "") if x), "hours": f"{total / 60:g}"}[fmt]
        return rng.choice(shapes), out

    tell = {"minutes": ("minutes as a plain number", "the number of minutes"), "seconds": ("seconds as a plain number", "the number of seconds"), "H:MM": ("H:MM, like 1:05",), "HH:MM:SS": ("HH:MM:SS",), "ISO": ("an ISO 8601 duration like PT1H5M",), "short": ("the short form 1h 5m, zero parts left out",), "hours": ("decimal hours, like 1.5 or 2",)}[fmt]
    return text_function(rng, sample, ["a duration", "a length of time"], ["[convert|turn|change] the duration to {tell}", "[write|print|express|give] the duration as {tell}", "how long is it? print {tell}"], ["duration -> {tell}"], [], tell=tell)


@family(GROUP)
def weekday_name(rng: random.Random) -> Function:
    """Short forms, numbers and slips of weekdays or months to one canonical form."""
    months = rng.random() < 0.5
    names = MONTHS if months else WEEKDAYS
    form = rng.choice(("full", "three letters", "number", "upper", "lower"))
    show: Callable[[int], str] = {"full": lambda i: names[i], "three letters": lambda i: names[i][:3], "number": lambda i: str(i + 1), "upper": lambda i: names[i][:3].upper(), "lower": lambda i: names[i].lower()}[form]
    noun = "month" if months else "day of the week"
    tell = {"full": "its full name", "three letters": "its first three letters, like " + names[0][:3], "number": f"its number ({names[0]} is 1)", "upper": "its three-letter code, like " + names[0][:3].upper(), "lower": "its full name in lower case"}[form]

    def sample(rng: random.Random) -> Pair:
        i = rng.randrange(len(names))
        name = names[i]
        given = rng.choice((name, name[:3], name[:3] + ".", name.upper(), name.lower(), w.typo_word(rng, name) if len(name) > 5 else name.lower(), f"on {name}" if not months else f"in {name}", f"next {name}", name[:3].lower()))
        return given, show(i)

    return text_function(rng, sample, [f"a {noun} in any spelling", f"a {noun}, perhaps misspelt"], [f"[print|return|give] the {noun} as {{tell}}", f"normalise the {noun} to {{tell}}", f"[write|turn] the {noun} [as|into] {{tell}}"], [f"{noun} -> {{tell}}"], [], tell=tell)


# ---------------------------------------------------------------------------------------------------------
# numbers, money, units

ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()


def spell(n: int) -> str:
    """0 to 9999 in British words."""
    if n < 20:
        return ONES[n]
    if n < 100:
        return TENS[n // 10] + (f"-{ONES[n % 10]}" if n % 10 else "")
    if n < 1000:
        return f"{ONES[n // 100]} hundred" + (f" and {spell(n % 100)}" if n % 100 else "")
    rest = n % 1000
    return f"{spell(n // 1000)} thousand" + ((" and " if rest < 100 else " ") + spell(rest) if rest else "")


@family(GROUP)
def number_words(rng: random.Random) -> Function:
    limit = rng.choice((20, 100, 100, 1000, 10000))
    back = rng.random() < 0.4

    def sample(rng: random.Random) -> Pair:
        n = rng.randrange(limit)
        return (str(n), spell(n)) if back else (rng.choice((spell(n), spell(n).capitalize(), spell(n).replace("-", " "))), str(n))

    if back:
        return text_function(rng, sample, ["a number in digits"], ["[write|spell] [out|] the number in [English words|words]", "turn digits into [words|the written number]"], ["number -> words", "42 -> forty-two"],
                             [["British style, with and: one hundred and five"], ["hyphens as in forty-two"]] if limit > 100 else [["hyphens as in forty-two", "with a hyphen from twenty-one on"]])
    return text_function(rng, sample, ["a number in words", "a written-out number"], ["[convert|turn] the written number [to|into] digits", "[write|print] the number in digits"], ["number words -> digits", "forty-two -> 42"])


@family(GROUP)
def number_normalise(rng: random.Random) -> Function:
    style = rng.choice(("plain", "plain", "comma", "de"))
    european = rng.random() < 0.5
    short = rng.random() < 0.4
    decimals = rng.random() < 0.5

    def sample(rng: random.Random) -> Pair:
        whole = rng.randrange(1, 10 ** rng.randint(1, 7))
        cents = rng.randrange(1, 100) if decimals and rng.random() < 0.6 else None
        grouped = f"{whole:,}"
        if short and rng.random() < 0.4:
            tens = rng.randrange(11, 999)
            factor, mark = rng.choice(((1000, ("k", "K", " thousand")), (1000000, ("M", "m", " million", " mio"))))
            if tens % 10 == 0:
                tens += 5
            value = tens * factor // 10
            return f"{tens / 10}".replace(".", "," if european else ".") + rng.choice(mark), _number(value, None, style)
        if european:
            given = rng.choice((grouped.replace(",", "."), str(whole), grouped.replace(",", " "))) + (f",{cents:02d}" if cents is not None else "")
        else:
            given = rng.choice((grouped, str(whole), grouped.replace(",", " "), grouped.replace(",", "'"))) + (f".{cents:02d}" if cents is not None else "")
        return given, _number(whole, cents, style)

    rules = [["[in the input|] {pt} is the decimal mark", "decimals come after {pt}"]]
    if short:
        rules.append(["k means thousand and M million", "resolve k, M, thousand and million"])
    tell = {"plain": "a plain number with a dot for decimals and no separators", "comma": "a number with commas between thousands and a dot for decimals", "de": "a number with dots between thousands and a comma for decimals"}[style]
    return text_function(rng, sample, ["a number in some notation", "a number with separators"], ["[write|rewrite|print] the number as {tell}", "normalise the number to {tell}", "[convert|turn] the number [in]to {tell}".replace("[in]to", "into")], ["number -> {tell}"], rules, tell=tell, pt="the comma" if european else "the dot")


def _number(whole: int, cents: int | None, style: str) -> str:
    if style == "plain":
        return str(whole) + (f".{cents:02d}" if cents is not None else "")
    text = f"{whole:,}" + (f".{cents:02d}" if cents is not None else "")
    return text if style == "comma" else text.replace(",", "_").replace(".", ",").replace("_", ".")


CURRENCIES = {"EUR": ("\u20ac", "euros", "EUR"), "USD": ("$", "dollars", "USD"), "GBP": ("\u00a3", "pounds", "GBP"), "JPY": ("\u00a5", "yen", "JPY"), "INR": ("\u20b9", "rupees", "INR")}


@family(GROUP)
def money(rng: random.Random) -> Function:
    shape = rng.choice(("CODE 0.00", "0.00 CODE", "CODE0.00", "cents", "amount", "code"))
    embedded = rng.random() < 0.35

    def sample(rng: random.Random) -> Pair:
        codes = list(CURRENCIES)[: 3 if shape == "cents" else 5]
        iso = rng.choice(codes)
        sign, name, _ = CURRENCIES[iso]
        whole, cents = rng.randrange(1, rng.choice((50, 2000))), rng.choice((0, 0, 50, 99, rng.randrange(100)))
        if iso == "JPY":
            cents = 0
        amount = f"{whole:,}" + (f".{cents:02d}" if cents else rng.choice(("", ".00" if iso != "JPY" else "")))
        given = rng.choice((f"{sign}{amount}", f"{sign} {amount}", f"{amount} {sign}", f"{amount} {name}", f"{iso} {amount}", f"{amount} {iso}", f"{amount}{sign}", f"{amount} {name}"))
        if embedded:
            given = rng.choice(("The {p} costs {m}.", "total: {m}", "I paid {m} for the {p}", "refund of {m} please", "{p} - {m} each", "only {m} today!")).replace("{m}", given).replace("{p}", rng.choice(w.PRODUCTS))
        plain = f"{whole}.{cents:02d}"
        return given, {"CODE 0.00": f"{iso} {plain}", "0.00 CODE": f"{plain} {iso}", "CODE0.00": f"{iso}{plain}", "cents": str(whole * 100 + cents), "amount": plain, "code": iso}[shape]

    tell = {"CODE 0.00": "the currency code, a space and the amount with two decimals, like USD 1200.50", "0.00 CODE": "the amount with two decimals, a space and the currency code, like 1200.50 USD", "CODE0.00": "code and amount without a space, two decimals, like USD1200.50", "cents": "the amount in cents (or pence) as a plain number",
            "amount": "the amount only, two decimals, no sign and no separators", "code": "the three-letter currency code"}[shape]
    return text_function(rng, sample, ["a price", "a sum of money"], ["[write|rewrite|print|normalise] the price as {tell}", "[give|return] {tell}", "[find|take] the sum of money and print {tell}"], ["price -> {tell}", "money -> {tell}"], [], tell=tell)


@family(GROUP)
def unit_convert(rng: random.Random) -> Function:
    """Exact conversions between decimal units or minutes and hours."""
    table = (("m", "cm", 100, "metres", "centimetres"), ("km", "m", 1000, "kilometres", "metres"), ("kg", "g", 1000, "kilograms", "grams"), ("l", "ml", 1000, "litres", "millilitres"), ("GB", "MB", 1000, "gigabytes", "megabytes"), ("m", "mm", 1000, "metres", "millimetres"), ("t", "kg", 1000, "tonnes", "kilograms"),
             ("cm", "mm", 10, "centimetres", "millimetres"), ("h", "min", 60, "hours", "minutes"), ("min", "s", 60, "minutes", "seconds"), ("s", "ms", 1000, "seconds", "milliseconds"), ("ft", "in", 12, "feet", "inches"), ("weeks", "days", 7, "weeks", "days"), ("dozen", "pieces", 12, "dozens", "pieces"))
    big, small, factor, big_name, small_name = rng.choice(table)
    unit = rng.random() < 0.5
    gap = rng.choice((" ", "")) if len(small) < 3 else " "
    mixed = rng.random() < 0.4

    def sample(rng: random.Random) -> Pair:
        n = rng.choice((rng.randrange(1, 20), rng.randrange(1, 200)))
        if mixed and rng.random() < 0.4:
            return rng.choice((f"{n} {small}", f"{n} {small_name}")), f"{n}{gap}{small}" if unit else str(n)
        if factor in (10, 100, 1000) and rng.random() < 0.4:
            tenths = rng.randrange(1, 99)
            return rng.choice((f"{tenths / 10:g} {big}", f"{tenths / 10:g}{big}", f"{tenths / 10:g} {big_name}")), (str(tenths * factor // 10) + (gap + small if unit else ""))
        return rng.choice((f"{n} {big}", f"{n} {big_name}", f"{n}{big}" if len(big) < 3 else f"{n} {big}")), str(n * factor) + (gap + small if unit else "")

    rules = [["[write|add] the unit {small} after the number, {gap}", "end with {small} ({gap})"] if unit else ["[print|write] the number only", "no unit in the output", "just the number, without unit"]]
    if mixed:
        rules.append([f"values that are already in {small_name} stay", f"{small_name} are kept as they are"])
    return text_function(rng, sample, [f"a measure in {big_name}", f"a value in {big_name}"], [f"convert {big_name} to {small_name}", f"[express|write|give] the value in {small_name}"], [f"{big_name} -> {small_name}", f"{big_name} to {small_name}"], rules, small=small, gap="with a space" if gap else "without a space")


@family(GROUP)
def roman(rng: random.Random) -> Function:
    back = rng.random() < 0.5
    limit = rng.choice((13, 40, 100))

    def numeral(n: int) -> str:
        out = ""
        for value, sign in ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
            out += sign * (n // value)
            n %= value
        return out

    def sample(rng: random.Random) -> Pair:
        n = rng.randrange(1, limit)
        return (str(n), numeral(n)) if back else (numeral(n), str(n))

    if back:
        return text_function(rng, sample, ["a number"], ["[convert|turn] the number [to|into] Roman numerals", "write the number as a Roman numeral"], ["number -> roman numeral"])
    return text_function(rng, sample, ["a Roman numeral"], ["[convert|turn] the Roman numeral [to|into] digits", "[write|print] the Roman numeral as a normal number"], ["roman numeral -> number"])


# ---------------------------------------------------------------------------------------------------------
# phones, names, URLs, paths, booleans


@family(GROUP)
def phone_normalise(rng: random.Random) -> Function:
    country = rng.choice(("1", "1", "44", "49", "33"))
    fmt = rng.choice(("digits", "e164", "dashes", "spaces", "last4", "parens", "dots"))

    def sample(rng: random.Random) -> Pair:
        a, b, c = str(rng.randrange(201, 989)), str(rng.randrange(200, 999)), f"{rng.randrange(0, 9999):04d}"
        lead = rng.choice(("", "", f"+{country} ", f"+{country}-", f"00{country} ", f"+{country}"))
        body = rng.choice((f"{a}-{b}-{c}", f"({a}) {b}-{c}", f"{a} {b} {c}", f"{a}.{b}.{c}", f"{a}{b}{c}", f"{a}/{b}-{c}", f"{a} {b}{c}"))
        given = lead + body
        if rng.random() < 0.25:
            given = rng.choice(("tel. ", "Phone: ", "call ", "mobile ")) + given
        return given, {"digits": a + b + c, "e164": f"+{country}{a}{b}{c}", "dashes": f"{a}-{b}-{c}", "spaces": f"{a} {b} {c}", "last4": c, "parens": f"({a}) {b}-{c}", "dots": f"{a}.{b}.{c}"}[fmt]

    tell = {"digits": "ten digits without anything else", "e164": f"+{country} and the ten digits, no separators", "dashes": "XXX-XXX-XXXX", "spaces": "XXX XXX XXXX", "last4": "its last four digits", "parens": "(XXX) XXX-XXXX", "dots": "XXX.XXX.XXXX"}[fmt]
    rules = [] if fmt in ("e164", "last4") else [["[drop|leave out|remove] the country code {cc}", "without the country code ({cc})"]]
    return text_function(rng, sample, ["a phone number", "a phone number in any format"], ["[write|rewrite|print|format] the phone number as {tell}", "normalise the phone number to {tell}", "[convert|turn] the phone number into {tell}"], ["phone -> {tell}", "phone number to {tell}"], rules, tell=tell, cc=f"+{country} or 00{country}")


@family(GROUP)
def name_format(rng: random.Random) -> Function:
    shapes: dict[str, Callable[[str, str], str]] = {
        "First Last": lambda f, s: f"{f} {s}", "Last, First": lambda f, s: f"{s}, {f}", "F. Last": lambda f, s: f"{f[0]}. {s}", "LAST First": lambda f, s: f"{s.upper()} {f}", "first.last": lambda f, s: f"{f}.{s}".lower(), "Last": lambda f, s: s, "First": lambda f, s: f, "FL": lambda f, s: f[0] + s[0],
        "flast": lambda f, s: (f[0] + s).lower(), "First L.": lambda f, s: f"{f} {s[0]}.", "F.L.": lambda f, s: f"{f[0]}.{s[0]}.", "Last F": lambda f, s: f"{s} {f[0]}", "last_first": lambda f, s: f"{s}_{f}".lower(),
    }
    fmt = rng.choice(list(shapes))
    titles = rng.random() < 0.35

    def sample(rng: random.Random) -> Pair:
        f, s = rng.choice(w.FIRST), rng.choice(w.LAST)
        title = rng.choice(("Dr. ", "Mr ", "Mrs. ", "Prof. ", "Ms ")) if titles and rng.random() < 0.6 else ""
        given = rng.choice((f"{title}{f} {s}", f"{s}, {title}{f}", f"{title}{f.lower()} {s.lower()}", f"{title}{f.upper()} {s.upper()}", f"{s.upper()}, {f}", f"{title}{f}  {s}"))
        return given, shapes[fmt](f, s)

    rules = [["[drop|leave out|remove] titles [such as|like] Dr. or Mrs.", "without titles"]] if titles else []
    tell = {"Last": "the last name only", "First": "the first name only", "FL": "the two initials without dots, like AB"}.get(fmt, fmt)
    return text_function(rng, sample, ["a person's name", "a full name in any order", "a name"], ["[write|rewrite|print|format] the name as {tell} ({eg})", "[convert|turn] the name into {tell}, [as in|like] {eg}", "normalise the name: {tell}"], ["name -> {tell}", "name -> {tell}, like {eg}"], rules, tell=tell, eg=shapes[fmt]("Ada", "Byron"))


@family(GROUP)
def url_part(rng: random.Random) -> Function:
    part = rng.choice(("host", "path", "scheme", "query", "domain", "port", "param", "last"))
    none = rng.choice(NONE_WORDS)
    key = rng.choice(("id", "page", "q", "lang", "ref", "sort", "user"))

    def sample(rng: random.Random) -> Pair:
        scheme, host = rng.choice(("http", "https", "https", "ftp")), f"{rng.choice(('www.', 'shop.', 'api.', 'docs.', ''))}{rng.choice(w.BRANDS).lower()}.{rng.choice(('com', 'org', 'net', 'io', 'de'))}"
        port = str(rng.choice((8080, 3000, 8443, 5000, 9200))) if rng.random() < (0.6 if part == "port" else 0.2) else ""
        steps = [rng.choice((*w.PRODUCTS, "about", "index", "v1", "users", "blog", "help")) for _ in range(rng.randint(1, 3))]
        params = {k: rng.choice((str(rng.randrange(100)), rng.choice(w.FRUIT), "en")) for k in rng.sample(("id", "page", "q", "lang", "ref", "sort", "user"), rng.randint(0, 2) if part not in ("query", "param") else rng.randint(0, 3))}
        if part == "param" and rng.random() < 0.5:
            params[key] = str(rng.randrange(100))
        query = "&".join(f"{k}={v}" for k, v in params.items())
        url = f"{scheme}://{host}{':' + port if port else ''}/{'/'.join(steps)}{'?' + query if query else ''}"
        return url, {"host": host, "path": "/" + "/".join(steps), "scheme": scheme, "query": query or none, "domain": host.split(".")[-2] + "." + host.split(".")[-1], "port": port or none, "param": params.get(key, none), "last": steps[-1]}[part]

    tell = {"host": "the host name without the port", "path": "the path, with the first slash and without the query", "scheme": "the scheme", "query": "the query string without the question mark", "domain": "the registered domain, without subdomains", "port": "the port", "param": f"the value of the parameter {key}", "last": "the last path segment"}[part]
    rules = [["[if|when] there is none, [print|answer] {none}", "none there: {none}", "{none} if it is absent"]] if part in ("query", "port", "param") else []
    return text_function(rng, sample, ["a URL", "a web address"], ["[print|return|extract|get|give] {tell} of the URL", "[find|take] {tell} in the URL"], ["url -> {tell}"], rules, tell=tell, none=none)


@family(GROUP)
def path_part(rng: random.Random) -> Function:
    part = rng.choice(("name", "stem", "ext", "dir", "parent", "swap", "depth"))
    new = rng.choice(("bak", "pdf", "json", "md", "txt", "png"))

    def sample(rng: random.Random) -> Pair:
        dirs = rng.sample(("home", "docs", "src", "data", "reports", "img", "build", "tmp", "lib", "music", "mail", "work", *(f.lower() for f in w.FIRST[:20])), rng.randint(1, 4))
        stem, ext = rng.choice((*w.PRODUCTS, "report", "main", "notes", "readme", "photo_01", "index", "list-final")), rng.choice(("txt", "py", "csv", "log", "html", "jpg", "yaml", "c", "toml", "sh"))
        root = rng.choice(("/", "", "~/"))
        base = root + "/".join(dirs)
        return f"{base}/{stem}.{ext}", {"name": f"{stem}.{ext}", "stem": stem, "ext": ext, "dir": base, "parent": dirs[-1], "swap": f"{base}/{stem}.{new}", "depth": str(len(dirs))}[part]

    tell = {"name": "the file name with its extension", "stem": "the file name without folder and extension", "ext": "the extension without the dot", "dir": "the folder part without the last slash", "parent": "the name of the folder that holds the file", "swap": f"the same path with the extension {new}", "depth": "the number of folders in it"}[part]
    return text_function(rng, sample, ["a file path", "a path"], ["[print|return|extract|get|give] {tell}, given a path", "from the path [print|take] {tell}"], ["path -> {tell}"], [], tell=tell)


@family(GROUP)
def boolean_normalise(rng: random.Random) -> Function:
    yes, no = rng.choice((("true", "false"), ("yes", "no"), ("1", "0"), ("Y", "N"), ("on", "off"), ("T", "F"), ("TRUE", "FALSE"), ("enabled", "disabled")))
    none = rng.choice(NONE_WORDS[:10]) if rng.random() < 0.4 else ""
    yeses = ("yes", "Yes", "YES", "y", "Y", "true", "True", "TRUE", "1", "on", "ON", "enabled", "yep", "yeah", "t", "T", "checked", "x")
    noes = ("no", "No", "NO", "n", "N", "false", "False", "FALSE", "0", "off", "OFF", "disabled", "nope", "f", "F", "unchecked", "nah")

    def sample(rng: random.Random) -> Pair:
        how = rng.random()
        if none and how < 0.25:
            return rng.choice(("maybe", "?", "tbd", "perhaps", "n.a.", "later", "ask me", "2", "blue", "unclear")), none
        given, answer = (rng.choice(yeses), yes) if how < 0.62 else (rng.choice(noes), no)
        if rng.random() < 0.3:
            given = rng.choice(w.FIELDS) + rng.choice(("=", ": ", " = ")) + given
        return given, answer

    if none in (yes, no):
        none = ""
    rules = [["[anything else|unclear values] [gives|become] {none}", "neither of the two: {none}"]] if none else []
    return text_function(rng, sample, ["a yes/no value in any spelling", "a flag value", "a setting that is on or off"], ["[write|normalise] the value [as|to] {yes} or {no}", "yes-like values become {yes}, no-like values {no}", "[print|return] {yes} for yes, on, true and the like and {no} for the contrary"], ["flag -> {yes}/{no}", "{yes} or {no}"], rules, yes=yes, no=no, none=none)


@family(GROUP)
def version_normalise(rng: random.Random) -> Function:
    prefix = rng.choice(("", "", "v", "V"))

    def sample(rng: random.Random) -> Pair:
        parts = [rng.randrange(0, 20) for _ in range(3)]
        size = rng.randint(1, 3)
        if size < 3:
            parts[size:] = [0] * (3 - size)
        shown = ".".join(map(str, parts[:size]))
        given = rng.choice((shown, f"v{shown}", f"version {shown}", f"V{shown}", f"release-{shown}", f"{rng.choice(w.BRANDS)} {shown}", f"ver. {shown}"))
        return given, prefix + ".".join(map(str, parts))

    return text_function(rng, sample, ["a version number", "a release name"], ["[write|normalise] the version [as|to] {fmt}, missing parts are 0", "[print|return] three version numbers {fmt}, filled up with zeros"], ["version -> {fmt} (zeros for missing parts)"], [], fmt=prefix + "MAJOR.MINOR.PATCH")


@family(GROUP)
def format_kind(rng: random.Random) -> Function:
    """Which format is this record in?"""
    table = {"json": kind("json", "json JSON", "JSON", "a JSON object"), "query": kind("query", "query url querystring", "a URL query string", "pairs joined by ampersands"), "ini": kind("ini", "ini properties", "key=value lines", "properties lines"),
             "yaml": kind("yaml", "yaml yml", "YAML", "YAML lines with colons"), "csv": kind("csv", "csv CSV comma", "CSV", "comma-separated lines"), "tsv": kind("tsv", "tsv tab", "tab-separated text", "TSV"), "xml": kind("xml", "xml markup", "XML", "angle-bracket markup"), "logfmt": kind("logfmt", "logfmt pairs", "logfmt", "key=value pairs on one line")}
    chosen = rng.sample(list(table), rng.randint(2, 5))

    def make(rng: random.Random, key: str) -> str:
        made = flat(rng)
        return json.dumps(made) if key == "json" else FORMATS[key][0](made)

    return label_function(rng, ["record", "snippet", "text"], ["the format", "the data format", "the notation"], [table[c] for c in chosen], make)
