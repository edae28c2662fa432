# ruff: noqa: E501 -- tables of wordings read better one entry a line
"""Small tables and nested records: CSV, JSON rows, Markdown tables, SQL inserts, XML, flattening, picking columns."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

from pawtrainer.families import words as w
from pawtrainer.families.base import Function, Pair, family
from pawtrainer.families.phrasing import NONE_WORDS, text_function
from pawtrainer.families.repair import field_value, json_style, tells
from pawtrainer.families.words import FIELDS

GROUP = "format-repair-and-conversion"
Rows = list[dict[str, str]]
SEPS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}


def rows(rng: random.Random, low: int = 2, high: int = 3) -> Rows:
    """A table of two or three text columns; no separators or quotes in the values."""
    keys = rng.sample([k for k in FIELDS if k not in ("note", "street", "email", "active", "paid")], rng.randint(2, 3))
    return [{k: str(field_value(rng, k, True)).replace("#", "") for k in keys} for _ in range(rng.randint(low, high))]


def as_csv(table: Rows, sep: str = ",", header: bool = True) -> str:
    lines = [sep.join(row.values()) for row in table]
    return "\n".join([sep.join(table[0]), *lines] if header else lines)


@family(GROUP)
def csv_to_json_rows(rng: random.Random) -> Function:
    sep = rng.choice((",", ",", ";", "\t", "|"))
    dump, told = json_style(rng)
    protected: dict[str, str] = {}

    def sample(rng: random.Random) -> Pair:
        table = rows(rng, 1, 2)
        return as_csv(table, sep), dump(table)

    return text_function(rng, sample, ["a small {sep}-separated table with a header line", "CSV lines ({sep}-separated), header first"], ["convert the {sep}-separated table to a JSON array of objects", "[turn|parse] the CSV ({sep}) into a JSON list, one object per row, keys from the header", "csv lines to JSON rows, the separator is a {sep}"], ["{sep}-separated csv with header -> json array of objects", "csv ({sep}) -> list of json objects"], [["all values are strings", "keep values as strings"], tells(told, protected)], "json", sep=SEPS[sep], **protected)


@family(GROUP)
def json_rows_to_csv(rng: random.Random) -> Function:
    sep = rng.choice((",", ",", ";", "\t", "|"))
    header = rng.random() < 0.65

    def sample(rng: random.Random) -> Pair:
        table = rows(rng, 1, 3)
        return json.dumps(table, ensure_ascii=False), as_csv(table, sep, header)

    rule = ["the first line holds the keys", "with a header line", "header line first"] if header else ["no header line", "without the header", "values only"]
    return text_function(rng, sample, ["a JSON array of flat objects", "JSON rows"], ["flatten the JSON [array|rows] to {sep}-separated lines", "[convert|turn] the JSON list [in]to CSV, separator {sep}".replace("[in]to", "into"), "[write|print] one {sep}-separated line per object"], ["json rows -> csv ({sep})", "flatten json to csv, {sep}-separated"], [rule], sep=SEPS[sep])


@family(GROUP)
def csv_columns(rng: random.Random) -> Function:
    """Pick, drop or reorder columns of a row by position, or of a table by name."""
    sep = rng.choice((",", ";", "\t", "|", " "))
    count = rng.randint(3, 5)
    how = rng.choice(("one", "two", "drop", "swap", "reverse", "last"))
    a, b = sorted(rng.sample(range(count), 2))
    if rng.random() < 0.5 and how == "two":
        a, b = b, a
    ordinal = ("first", "second", "third", "fourth", "fifth")
    out = rng.choice((sep, sep, ", ", " - ", " "))

    def sample(rng: random.Random) -> Pair:
        cells = [str(field_value(rng, k, True)).replace("#", "").replace(" ", "_" if sep == " " else " ") for k in rng.sample([f for f in FIELDS if f not in ("note", "street")], count)]
        got = {"one": [cells[a]], "two": [cells[a], cells[b]], "drop": [c for at, c in enumerate(cells) if at != a], "swap": [cells[b] if at == a else cells[a] if at == b else c for at, c in enumerate(cells)], "reverse": cells[::-1], "last": [cells[-1]]}[how]
        return sep.join(cells), out.join(got)

    name = {**SEPS, " ": "blank"}[sep]
    goal = {"one": f"only the {ordinal[a]} column", "two": f"the {ordinal[a]} and the {ordinal[b]} column, in this order", "drop": f"the row without the {ordinal[a]} column", "swap": f"the row with its {ordinal[a]} and {ordinal[b]} column swapped", "reverse": "the columns in reverse order", "last": "only the last column"}[how]
    rules = [] if how in ("one", "last") else [["joined with {out}", "separate them with {out}", "{out} between the columns"]]
    return text_function(rng, sample, [f"a {name}-separated row", f"a row, columns separated by {name}s"], [f"[print|return|give|keep] {goal} of the {name}-separated row", f"the row is {name}-separated; [print|output] {goal}"], [f"{name}-separated row -> {goal}"], rules, out="a tab" if out == "\t" else f'"{out}"')


@family(GROUP)
def table_query(rng: random.Random) -> Function:
    """A question on a small CSV: number of rows, a sum, the value where another column matches."""
    how = rng.choice(("rows", "sum", "max", "find", "names"))
    none = rng.choice(NONE_WORDS)
    amount = rng.choice(("qty", "price", "points", "stock", "hours"))
    name = rng.choice(("name", "item", "user", "city"))
    target = rng.choice(w.FIRST)
    pool: tuple[str, ...] = {"name": w.FIRST, "item": w.PRODUCTS, "user": w.FIRST, "city": tuple(c for c in w.CITIES if " " not in c)}[name]
    if how == "find":
        target = rng.choice(pool)

    def sample(rng: random.Random) -> Pair:
        names = rng.sample(pool, rng.randint(2, 4))
        if how == "find" and rng.random() < 0.75 and target not in names:
            names[rng.randrange(len(names))] = target
        values = rng.sample(range(1, 60), len(names))
        text = f"{name},{amount}\n" + "\n".join(f"{x},{y}" for x, y in zip(names, values, strict=True))
        got = dict(zip(names, values, strict=True))
        return text, {"rows": str(len(names)), "sum": str(sum(values)), "max": max(got, key=lambda k: got[k]), "find": str(got.get(target, none)), "names": ", ".join(names)}[how]

    goal = {"rows": "the number of data rows (the header does not count)", "sum": f"the sum of the column {amount}", "max": f"the {name} with the highest {amount}", "find": f"the {amount} of {{target}}", "names": f"all values of the column {name}, joined with a comma and a space"}[how]
    rules = [["{none} if {target} is not in the table", "not in the table: {none}"]] if how == "find" else []
    return text_function(rng, sample, [f"a CSV table with the columns {name} and {amount}", "a small CSV"], [f"[print|return|give] {goal}", f"[read|look at] the CSV and [print|output] {goal}"], [f"csv ({name},{amount}) -> {goal}"], rules, target=target, none=none)


@family(GROUP)
def markdown_table(rng: random.Random) -> Function:
    back = rng.random() < 0.4

    def sample(rng: random.Random) -> Pair:
        table = rows(rng, 1, 2)
        lines = ["| " + " | ".join(table[0]) + " |", "|" + "---|" * len(table[0]), *("| " + " | ".join(row.values()) + " |" for row in table)]
        return ("\n".join(lines), as_csv(table)) if back else (as_csv(table), "\n".join(lines))

    if back:
        return text_function(rng, sample, ["a Markdown table"], ["convert the Markdown table to CSV", "[write|print] the table as comma-separated lines with its header"], ["markdown table -> csv"])
    return text_function(rng, sample, ["CSV with a header"], ["convert the CSV to a Markdown table", "[write|print] the CSV as a Markdown table, rule line {rule}"], ["csv -> markdown table"], [["the line below the header looks like {rule}", "rule line as in {rule}"]], rule="|---|---|")


@family(GROUP)
def sql_insert(rng: random.Random) -> Function:
    name = rng.choice(("users", "items", "orders", "t1", "people", "stock"))
    source = rng.choice(("json", "pairs", "csv"))

    def sample(rng: random.Random) -> Pair:
        row = rows(rng, 1, 1)[0]
        given = {"json": json.dumps(row, ensure_ascii=False), "pairs": " ".join(f"{k}={v}".replace(" ", "_") for k, v in row.items()), "csv": ",".join(row) + "\n" + ",".join(row.values())}[source]
        values = [v.replace(" ", "_") if source == "pairs" else v for v in row.values()]
        shown = ", ".join("'" + v + "'" for v in values)
        return given, f"INSERT INTO {name} ({', '.join(row)}) VALUES ({shown});"

    what = {"json": "a flat JSON object", "pairs": "key=value pairs", "csv": "a CSV row with its header"}[source]
    return text_function(rng, sample, [what], ["[write|turn] the record [as|into] an SQL insert for the table {name}", "[print|make] an INSERT statement for {name} [from|out of] " + what], [what.split(" ", 1)[1] + " -> SQL insert into {name}"], [["all values in single quotes, semicolon at the end", "quote every value with single quotes and end with a semicolon"]], name=name)


@family(GROUP)
def flatten_json(rng: random.Random) -> Function:
    """Nested objects to dotted (or otherwise joined) keys, or back."""
    joint = rng.choice((".", ".", "_", "/", "__"))
    back = rng.random() < 0.35
    lines = rng.random() < 0.4 and not back
    dump, told = json_style(rng)
    protected: dict[str, str] = {}

    def sample(rng: random.Random) -> Pair:
        outer = rng.sample(("user", "meta", "address", "order", "config", "data"), rng.choice((1, 1, 2)))
        nested: dict[str, Any] = {}
        flat: dict[str, Any] = {}
        for key in rng.sample(("id", "kind", "ok", "note"), rng.randint(0, 1)):
            nested[key] = flat[key] = rng.choice((rng.randrange(100), rng.choice(w.FRUIT)))
        for key in outer:
            inner = {k: field_value(rng, k) for k in rng.sample(("name", "city", "qty", "status", "price", "zip"), rng.randint(1, 2))}
            nested[key] = inner
            flat |= {f"{key}{joint}{k}": v for k, v in inner.items()}
        if lines:
            return json.dumps(nested, ensure_ascii=False), "\n".join(f"{k}={v if isinstance(v, str) else json.dumps(v)}" for k, v in flat.items())
        return (json.dumps(flat, ensure_ascii=False), dump(nested)) if back else (json.dumps(nested, ensure_ascii=False), dump(flat))

    slots: dict[str, Any] = {"eg": f"a{joint}b", "joint": f'"{joint}"', **protected}
    if lines:
        return text_function(rng, sample, ["a nested JSON object"], ["flatten the JSON to key=value lines, nested keys like {eg}", "[print|write] one line per leaf: path=value, the path joined with {joint}"], ["nested json -> {eg}=value lines"], [], "text", **slots)
    rule = tells(told, slots)
    if back:
        return text_function(rng, sample, ["a flat JSON object with keys like {eg}"], ["[unflatten|nest] the JSON: keys such as {eg} become objects", "[turn|convert] {eg} keys into nested objects"], ["flat json ({eg}) -> nested json"], [rule], "json", **slots)
    return text_function(rng, sample, ["a nested JSON object"], ["flatten the JSON, nested keys become {eg}", "[make|turn] the nested object [flat|into a flat one], keys joined with {joint}"], ["nested json -> flat json with keys like {eg}"], [rule], "json", **slots)


@family(GROUP)
def xml_json(rng: random.Random) -> Function:
    root = rng.choice(("item", "user", "order", "row", "entry", "person"))
    back = rng.random() < 0.45
    attrs = rng.random() < 0.35
    dump, told = json_style(rng)
    slots: dict[str, Any] = {"root": f"<{root}>", "eg": f'<{root} a="1"/>' if attrs else f"<{root}><a>1</a></{root}>"}

    def sample(rng: random.Random) -> Pair:
        row = rows(rng, 1, 1)[0]
        xml = f"<{root} " + " ".join(f'{k}="{v}"' for k, v in row.items()) + "/>" if attrs else f"<{root}>" + "".join(f"<{k}>{v}</{k}>" for k, v in row.items()) + f"</{root}>"
        return (json.dumps(row, ensure_ascii=False), xml) if back else (xml, dump(row))

    if back:
        return text_function(rng, sample, ["a flat JSON object"], ["convert the JSON to XML like {eg}", "[write|print] the object as XML in the form {eg}"], ["json -> xml {eg}"], [], "text", **slots)
    rule = tells(told, slots)
    return text_function(rng, sample, ["XML like {eg}"], ["convert the XML to a JSON object [of its fields|]", "[turn|parse] {eg} into JSON, without the outer element"], ["xml {eg} -> json"], [rule, ["all values are strings", "strings only"]], "json", **slots)


@family(GROUP)
def yaml_list(rng: random.Random) -> Function:
    """Lists between YAML, JSON, Python, bullets and one-liners."""
    shapes: dict[str, tuple[Callable[[list[str]], str], str]] = {
        "yaml": (lambda x: "\n".join(f"- {y}" for y in x), "a YAML list"), "json": (lambda x: json.dumps(x, ensure_ascii=False), "a JSON array"), "python": (lambda x: repr(x), "a Python list with single quotes"), "stars": (lambda x: "\n".join(f"* {y}" for y in x), "bullets that start with a star"), "numbered": (lambda x: "\n".join(f"{n}. {y}" for n, y in enumerate(x, 1)), "a numbered list, one item a line"),
        "html": (lambda x: "<ul>" + "".join(f"<li>{y}</li>" for y in x) + "</ul>", "an HTML list (ul, li) on one line"), "line": (lambda x: ", ".join(x), "one line with a comma and a space between"), "todo": (lambda x: "\n".join(f"- [ ] {y}" for y in x), "Markdown check boxes, all empty"), "set": (lambda x: "{" + ", ".join(x) + "}", "items in curly braces with a comma and a space between"),
    }
    source, target = rng.sample(list(shapes), 2)

    def sample(rng: random.Random) -> Pair:
        pool = rng.choice((w.FRUIT, w.PRODUCTS, w.FIRST, w.COUNTRIES))
        made = rng.sample(pool, rng.randint(2, 4))
        return shapes[source][0](made), shapes[target][0](made)

    return text_function(rng, sample, [shapes[source][1]], ["convert {src} to {dst}", "[write|rewrite] the items as {dst}, the input is {src}", "[turn|change] {src} into {dst}"], ["{src} -> {dst}"], [], "json" if target == "json" else "text", src=shapes[source][1], dst=shapes[target][1])


@family(GROUP)
def toml_env(rng: random.Random) -> Function:
    """A typed record between TOML, JSON and YAML: numbers and booleans stay bare, strings are quoted where the format wants it."""
    shapes: dict[str, tuple[Callable[[dict[str, Any]], str], str]] = {
        "toml": (lambda d: "\n".join(f"{k} = {json.dumps(v)}" for k, v in d.items()), "TOML"), "json": (lambda d: json.dumps(d), "JSON on one line, a space after colons and commas"), "yaml": (lambda d: "\n".join(f"{k}: {v if isinstance(v, str) else json.dumps(v)}" for k, v in d.items()), "YAML"), "dict": (lambda d: repr(d), "a Python dict"),
        "js": (lambda d: "{ " + ", ".join(f"{k}: {json.dumps(v)}" for k, v in d.items()) + " }", "a JavaScript object with bare keys, like { a: 1 }"), "env": (lambda d: "\n".join(f"{k.upper()}={v if isinstance(v, str) else json.dumps(v)}" for k, v in d.items()), "KEY=value lines with upper-case keys"),
    }
    source, target = rng.sample(list(shapes), 2)

    def sample(rng: random.Random) -> Pair:
        made: dict[str, Any] = {}
        for key in rng.sample(("name", "port", "debug", "host", "retries", "mode", "color", "verbose", "level", "user"), rng.randint(2, 4)):
            made[key] = {"port": rng.randrange(80, 9999), "retries": rng.randrange(1, 9), "level": rng.randrange(1, 6), "debug": rng.random() < 0.5, "verbose": rng.random() < 0.5}.get(key, rng.choice((*w.FRUIT, *w.PRODUCTS[:20], "localhost", "fast", "safe")))
        return shapes[source][0](made), shapes[target][0](made)

    rules = [["keys in lower case"]] if source == "env" else []
    return text_function(rng, sample, ["a small config as {src}", "{src}"], ["convert {src} to {dst}", "[rewrite|write] the config as {dst}, the input is {src}", "[turn|change] {src} into {dst}"], ["{src} -> {dst}"], rules, "json" if target == "json" else "text", src=shapes[source][1], dst=shapes[target][1])
