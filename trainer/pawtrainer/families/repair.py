# ruff: noqa: E501, SIM905 -- tables of wordings read better one entry a line
"""Format repair: broken JSON, spacing and punctuation, markup to text, lists, padding, case styles, slugs."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable

from pawtrainer.families.base import Function, Pair, family
from pawtrainer.families.phrasing import NONE_WORDS, SEPARATOR_NAMES, kind, label_function, text_function
from pawtrainer.families.words import (
    ADJECTIVES,
    BRANDS,
    CITIES,
    COUNTRIES,
    DEPARTMENTS,
    FIELDS,
    FIRST,
    FRUIT,
    GROUPS,
    PRODUCTS,
    cap,
    code,
    company,
    email,
    filler,
    person,
    phone,
    typo_word,
)

GROUP = "format-repair-and-conversion"


def field_value(rng: random.Random, key: str, plain: bool = False) -> str | int | float | bool | None:
    """A likely value for a field name; `plain` leaves out booleans and null."""
    if key in ("name", "author", "owner", "customer"):
        return rng.choice((person(rng), rng.choice(FIRST)))
    if key == "email":
        return email(rng)
    if key == "phone":
        return phone(rng)
    if key in ("city", "zip", "street"):
        return {"city": rng.choice(CITIES), "zip": str(rng.randrange(10000, 99999)), "street": f"{rng.choice(CITIES)} Road"}[key]
    if key == "country":
        return rng.choice(COUNTRIES)
    if key in ("qty", "age", "stock", "guests", "room", "year", "level", "score", "due"):
        return rng.randrange(1, 130) if key != "year" else rng.randrange(1990, 2026)
    if key in ("price", "amount", "total", "weight", "size"):
        return rng.choice((rng.randrange(1, 900), round(rng.uniform(1, 200), 2), round(rng.uniform(0, 50), 1)))
    if key in ("active", "paid"):
        return rng.choice((True, False)) if not plain else rng.choice(("yes", "no"))
    if key == "note":
        return rng.choice((None, "urgent", "call back", "fragile", "gift wrap", "n/a")) if not plain else rng.choice(("urgent", "call back", "fragile", "gift"))
    if key in ("id", "sku", "order_id"):
        return rng.choice((rng.randrange(1, 9999), code(rng).lstrip("#")))
    if key == "date":
        return f"{rng.randrange(2015, 2027)}-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}"
    if key == "status":
        return rng.choice(("open", "closed", "pending", "shipped", "ok", "failed"))
    if key in ("color", "brand", "currency", "language", "unit", "priority"):
        table = {"color": GROUPS["colour"], "brand": BRANDS, "currency": ("EUR", "USD", "GBP"), "language": GROUPS["language"], "unit": ("kg", "m", "pcs", "l"),
                 "priority": ("low", "high", "medium")}
        return rng.choice(table[key])
    if key in ("team", "role", "category"):
        return rng.choice(DEPARTMENTS)
    return rng.choice(PRODUCTS)


def record(rng: random.Random, low: int = 2, high: int = 4, plain: bool = False) -> dict[str, object]:
    return {key: field_value(rng, key, plain) for key in rng.sample(FIELDS, rng.randint(low, high))}


def json_value(rng: random.Random) -> object:
    """A small JSON document: mostly an object, sometimes with a list or an object inside, or a list."""
    how = rng.random()
    if how < 0.55:
        return record(rng, 1, 4)
    if how < 0.7:
        made = record(rng, 1, 2)
        made[rng.choice(("tags", "items", "ids", "colors", "list"))] = rng.choice((list(rng.sample(FRUIT, rng.randint(1, 3))), [rng.randrange(100) for _ in range(rng.randint(1, 4))]))
        return made
    if how < 0.8:
        return record(rng, 1, 2) | {rng.choice(("user", "meta", "address", "data")): record(rng, 1, 2)}
    if how < 0.9:
        return [rng.choice((rng.randrange(500), rng.choice(FRUIT), rng.choice(CITIES))) for _ in range(rng.randint(2, 5))]
    return [record(rng, 1, 2) for _ in range(2)]


def _render(value: object, style: dict[str, bool], rng: random.Random) -> str:
    """JSON-like text with the damages that `style` names."""
    comma = "," if style.get("tight") else ", "
    colon = ":" if style.get("tight") else ": "
    if style.get("equals"):
        colon = " = " if not style.get("tight") else "="
    if style.get("semicolon"):
        comma = "; "
    if isinstance(value, dict):
        parts = []
        for key, inner in value.items():
            shown = key if style.get("unquoted") else _quote(key, style)
            parts.append(f"{shown}{colon}{_render(inner, style, rng)}")
        return "{" + _join(parts, comma, style, rng) + "}"
    if isinstance(value, list):
        return "[" + _join([_render(inner, style, rng) for inner in value], comma, style, rng) + "]"
    if isinstance(value, str):
        return value if style.get("bare") and value.isalpha() else _quote(value, style)
    if style.get("python") and (value is None or isinstance(value, bool)):
        return repr(value)
    return json.dumps(value)


def _quote(text: str, style: dict[str, bool]) -> str:
    if style.get("single"):
        return f"'{text}'"
    if style.get("curly"):
        return f"\u201c{text}\u201d"
    return json.dumps(text, ensure_ascii=False)


def _join(parts: list[str], comma: str, style: dict[str, bool], rng: random.Random) -> str:
    if style.get("missing") and len(parts) > 1:
        at = rng.randrange(1, len(parts))
        parts = [*parts[: at - 1], parts[at - 1] + " " + parts[at], *parts[at + 1 :]]
    if style.get("double") and len(parts) > 1:
        at = rng.randrange(1, len(parts))
        parts[at] = comma.strip() + " " + parts[at]
    return comma.join(parts) + ("," if style.get("trailing") and parts else "")


DAMAGES: dict[str, tuple[str, ...]] = {
    "trailing": ("trailing commas", "extra commas before a closing bracket"), "single": ("single quotes", "single-quoted strings"),
    "unquoted": ("unquoted keys", "keys without quotes"), "missing": ("missing commas", "commas left out between items"),
    "cut": ("missing closing brackets", "closing brackets cut off at the end"), "python": ("Python literals", "True, False and None as in Python"),
    "curly": ("curly quotes", "typographic quotes"), "fence": ("a code fence around it", "markdown fences"), "comment": ("comments", "a comment at the end"),
    "double": ("doubled commas", "two commas in a row"), "equals": ("equals signs instead of colons", "= in place of :"),
    "semicolon": ("semicolons instead of commas", "; between the items"), "bare": ("values without quotes", "unquoted words as values"),
    "lead": ("text before the JSON", "chatter in front of the JSON"),
}


def damage(rng: random.Random, value: object, kinds: list[str]) -> str:
    style = dict.fromkeys(kinds, True)
    style["tight"] = rng.random() < 0.3
    text = _render(value, style, rng)
    if "cut" in kinds:
        text = re.sub(r"[\]}]+$", lambda m: m[0][: len(m[0]) - rng.randint(1, len(m[0]))], text)
    if "comment" in kinds:
        text += rng.choice((" // " + rng.choice(("todo", "checked", "old format", "v2")), " # " + rng.choice(("note", "fix me", "draft"))))
    if "lead" in kinds:
        text = rng.choice(("Here is the JSON: ", "Sure! ", "json: ", "Result: ", "The answer is ", "data = ", "output -> ")) + text
    if "fence" in kinds:
        text = rng.choice(("```json\n{}\n```", "```\n{}\n```", "```json {} ```")).replace("{}", text)
    return text


def json_style(rng: random.Random) -> tuple[Callable[[object], str], tuple[str, ...]]:
    """A way to print JSON on one line, and the sentences that ask for it."""
    if rng.random() < 0.65:
        return lambda value: json.dumps(value, ensure_ascii=False), (
            "[one space after each colon and comma|a space after every colon and every comma]", "[on|keep it on|print it on] one line with a space after colons and commas", "standard one-line spacing, as in <<{\"a\": 1, \"b\": 2}>>")
    return lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":")), (
        "[no spaces|no blanks] between the tokens", "[make it compact|minified|compact form], [no spaces|without blanks] after colons and commas", "no whitespace outside strings")


def tells(rules: tuple[str, ...], slots: dict[str, str]) -> list[str]:
    """Move `<<…>>` parts of the rules into slots."""

    def take(match: re.Match[str]) -> str:
        name = f"q{len(slots)}"
        slots[name] = match[1]
        return "{" + name + "}"

    return [re.sub(r"<<(.*?)>>", take, rule) for rule in rules]


@family(GROUP)
def json_repair(rng: random.Random) -> Function:
    kinds = rng.sample(list(DAMAGES), rng.choice((1, 2, 3, 4, 6, 14)))
    dump, told = json_style(rng)

    def sample(rng: random.Random) -> Pair:
        value = json_value(rng)
        if rng.random() < 0.08:
            return json.dumps(value, ensure_ascii=False), dump(value)
        picked = [one for one in kinds if rng.random() < 0.5] or [rng.choice(kinds)]
        for one, other in (("single", "curly"), ("unquoted", "missing"), ("bare", "missing"), ("equals", "comment"), ("missing", "double"), ("trailing", "cut")):
            if one in picked and other in picked:
                picked.remove(other)
        return damage(rng, value, picked[:4]), dump(value)

    slots: dict[str, str] = {}
    rules = [tells(told, slots)]
    if len(kinds) < 7:
        many = ", ".join(rng.choice(DAMAGES[one]) for one in kinds)
        slots["many"] = many
        rules.append(["[it may have|there may be|expect|watch for|typical damage is] {~many}", "[common problems|faults|usual mistakes]: {~many}", "[handle|cope with|fix] {~many}"])
    return text_function(
        rng, sample, ["broken JSON", "almost-JSON from [a model|a script|users]", "a [malformed|damaged|sloppy] JSON snippet"],
        ["repair the JSON so that it [parses|is valid]", "[fix|repair|mend] this [broken|malformed|invalid] JSON [and print|and return] valid JSON", "[turn|rewrite] the malformed JSON into [valid|strict|proper] JSON",
         "correct the syntax errors in the JSON, [keep|keeping] [keys, values and order|all data] unchanged", "make the JSON valid [without|and do it without] changing the data"],
        ["broken json -> valid json", "json repair", "malformed json in, valid json out", "fix json"], rules, "json", **slots)


@family(GROUP)
def json_valid(rng: random.Random) -> Function:
    kinds = [kind("good", "valid ok good yes pass json parses", "valid JSON", "JSON that parses", "well-formed JSON", "text that a strict JSON parser accepts"),
             kind("bad", "invalid broken bad no fail malformed error", "broken JSON", "JSON with a syntax error", "anything a strict JSON parser rejects", "invalid JSON")]

    def make(rng: random.Random, key: str) -> str:
        value = json_value(rng)
        if key == "good":
            return json.dumps(value, ensure_ascii=False, separators=rng.choice(((",", ":"), (", ", ": "))))
        for _ in range(20):
            text = damage(rng, value, [rng.choice([d for d in DAMAGES if d != "lead"])])
            try:
                json.loads(text)
            except ValueError:
                return text
        return json.dumps(value)[:-1]

    return label_function(rng, ["JSON text", "JSON snippet", "line of JSON"], ["whether the JSON is valid", "whether a strict JSON parser accepts it", "JSON validity"], kinds, make, plain=False, questions=["is the JSON valid", "valid JSON", "does the JSON parse", "does this look like valid JSON", "would a strict parser accept it"])


@family(GROUP)
def json_damage_kind(rng: random.Random) -> Function:
    table = {
        "trailing": kind("trailing", "trailing_comma trailing comma extra-comma", "a trailing comma", "a comma right before a closing bracket"),
        "single": kind("single", "single_quotes quotes single apostrophes", "single quotes around strings", "strings in single quotes"),
        "unquoted": kind("unquoted", "unquoted_keys unquoted keys bare_key", "keys without quotes", "unquoted keys"),
        "cut": kind("cut", "truncated cut unclosed missing_bracket", "a missing closing bracket", "brackets that are never closed"),
        "python": kind("python", "python literals py_literal python-values", "True, False or None as Python writes them", "Python literals"),
        "comment": kind("comment", "comment comments has_comment", "a comment in the JSON", "a trailing // or # comment"),
        "good": kind("good", "valid ok fine none clean", "JSON with nothing wrong", "valid JSON"),
    }
    names = rng.sample([one for one in table if one != "good"], rng.randint(2, 4)) + (["good"] if rng.random() < 0.7 else [])

    def make(rng: random.Random, key: str) -> str:
        value = record(rng, 2, 4)
        if key == "good":
            return json.dumps(value, ensure_ascii=False)
        if key == "python":
            value[rng.choice(("active", "paid"))] = rng.choice((True, False, None))
        return damage(rng, value, [key])

    return label_function(rng, ["JSON text", "JSON snippet", "piece of JSON"], ["what is wrong with the JSON", "the kind of damage", "the syntax problem"], [table[n] for n in names], make, plain=False)


@family(GROUP)
def json_edit(rng: random.Random) -> Function:
    """Minify, pick one field, drop or rename a key, sort the keys, list the keys."""
    dump, told = json_style(rng)
    slots: dict[str, str] = {}
    rules = [tells(told, slots)]
    how = rng.randrange(6)
    key, other = rng.sample(FIELDS, 2)
    none = rng.choice(NONE_WORDS)
    slots |= {"key": key, "other": other, "none": none}
    absent = ["[if|when] [it is missing|there is no such key], [answer|print] {none}", "missing key: {none}", "print {none} when the key is absent"]
    kind_ = "json"

    def base(rng: random.Random, keep: float) -> dict[str, object]:
        made = record(rng, 2, 4)
        made.pop(key, None)
        if rng.random() < keep:
            made[key] = field_value(rng, key)
        items = list(made.items())
        rng.shuffle(items)
        return dict(items)

    def scalar(value: object) -> str:
        return value if isinstance(value, str) else json.dumps(value)

    work: Callable[[dict[str, object]], str]
    if how == 0:
        work, does, terse = lambda d: scalar(d[key]) if key in d else none, ["[print|return|give|get] the value of the [key|field] {key}", "extract {key} from the JSON [object|]", "what is the {key} [in this JSON|]"], ["json -> value of {key}"]
        rules, kind_ = [absent], "text"
    elif how == 1:
        work, does, terse = lambda d: dump({k: v for k, v in d.items() if k != key}), ["[remove|drop|delete] the [key|field] {key} from the JSON [and keep the rest|]", "[print|return] the JSON without {key}"], ["json -> json without {key}"]
    elif how == 2:
        work, does, terse = lambda d: dump({other if k == key else k: v for k, v in d.items()}), ["rename the [key|field] {key} to {other}", "[change|replace] the key name {key} [by|with] {other}, everything else stays"], ["json, key {key} -> {other}"]
    elif how == 3:
        work, does, terse = lambda d: dump(dict(sorted(d.items()))), ["sort the keys of the JSON object [alphabetically|from a to z]", "[print|return] the JSON with its keys in alphabetical order"], ["json -> json, sorted keys"]
    elif how == 4:
        sep = rng.choice((", ", ",", " ", ";"))
        slots["sep"] = rng.choice(SEPARATOR_NAMES[sep])
        work, does, terse = lambda d: sep.join(d), ["list the [keys|field names] of the JSON [object|], in order, separated by {sep}", "[print|return] only the keys, joined by {sep}"], ["json -> keys, separated by {sep}"]
        rules, kind_ = [], "text"
    else:
        work, does, terse = lambda d: str(len(d)), ["count the [keys|fields] of the JSON object", "how many keys does the object have", "[print|return] the number of fields in the JSON"], ["json -> number of keys"]
        rules, kind_ = [], "text"

    def sample(rng: random.Random) -> Pair:
        made = base(rng, 0.8 if how < 3 else 0.2)
        if how == 2:
            made.pop(other, None)
        return json.dumps(made, ensure_ascii=False, separators=rng.choice(((",", ":"), (", ", ": ")))), work(made)

    return text_function(rng, sample, ["a JSON object", "one line of JSON", "a flat JSON record"], does, terse, rules, kind_, **slots)


# ---------------------------------------------------------------------------------------------------------
# spacing and punctuation


@family(GROUP)
def whitespace_fix(rng: random.Random) -> Function:
    strip_punct = rng.random() < 0.5

    def sample(rng: random.Random) -> Pair:
        clean = rng.choice((filler(rng), f"{filler(rng)} {filler(rng)}", f"{rng.choice(FIRST)}, {rng.choice(FIRST)} and {rng.choice(FIRST)} met in {rng.choice(CITIES)}."))
        if rng.random() < 0.4:
            clean = f"{person(rng)}, {rng.choice(CITIES)}, {rng.choice(DEPARTMENTS)}"
        words = clean.split(" ")
        dirty = words[0]
        for word in words[1:]:
            dirty += rng.choice((" ", " ", "  ", "   ", "\t", " \t", "    ")) + word
        if strip_punct:
            dirty = re.sub(r"([,.])", lambda m: rng.choice((" ", "", "", "  ")) + m[1], dirty)
        return rng.choice(("", " ", "  ")) * strip_punct + dirty + ("" if clean.endswith(".") else rng.choice(("", ""))), clean

    rules = [["no blank before a comma or a full stop", "[remove|delete] spaces [in front of|before] commas and full stops"]] if strip_punct else []
    return text_function(
        rng, lambda r: (lambda p: (p[0].strip(), p[1]))(sample(r)), ["a line with messy spacing", "text with stray blanks and tabs", "a sloppy line"],
        ["[collapse|squeeze] runs of [spaces and tabs|whitespace|blanks] into one space", "[replace|turn] every run of whitespace [by|into] a single space", "normalise the whitespace to single spaces", "clean up the [spacing|blanks]: one space between words"],
        ["messy spaces -> single spaces", "whitespace cleanup, one space between words"], rules)


@family(GROUP)
def punctuation_fix(rng: random.Random) -> Function:
    """Sentence start capital, closing mark, doubled marks, blank after commas: a drawn subset."""
    capital, stop, double, comma = (rng.random() < 0.6 for _ in range(4))
    if not (capital or stop or double or comma):
        capital = stop = True

    def sample(rng: random.Random) -> Pair:
        names = rng.sample(FIRST, 3)
        clean = rng.choice((filler(rng), filler(rng)[:-1] + ", and " + rng.choice(("that is fine", "nobody minds", "we are glad", "it helps")) + rng.choice(".!"),
                            f"{names[0]}, {names[1]} and {names[2]} are late.", f"Can you call {names[0]}, please?", f"Bring {rng.choice(FRUIT)}, {rng.choice(FRUIT)} and bread.",
                            f"When does {names[0]} arrive?", f"Thanks, {names[1]}!"))
        dirty = clean
        if comma:
            dirty = re.sub(r", ", lambda m: rng.choice((",", " ,", " , ")), dirty)
        if double:
            dirty = re.sub(r"([.?!])$", lambda m: m[1] * rng.choice((1, 2, 3)), dirty)
        if stop and clean.endswith("."):
            dirty = re.sub(r"\.+$", "", dirty)
        if capital:
            dirty = dirty[0].lower() + dirty[1:]
        return dirty, clean

    rules = []
    if capital:
        rules.append(["[start|begin] with a capital letter", "the first letter is upper case", "capitalise the first word"])
    if stop:
        rules.append(["[end|close] with a full stop if there is no mark at the end", "add a full stop when the closing mark is missing", "no mark at the end: add a full stop"])
    if double:
        rules.append(["[repeated|doubled] marks at the end become one", "reduce runs of the same end mark to a single one", "only one mark at the end"])
    if comma:
        rules.append(["no space before a comma and one after it", "commas stick to the word on the left and are followed by one space"])
    return text_function(
        rng, sample, ["a sloppily typed sentence", "a sentence with careless punctuation", "one typed line"],
        ["[fix|tidy|clean up] the punctuation of the sentence", "[repair|correct] the [typing|punctuation] and leave the words alone", "tidy up this line"],
        ["sloppy sentence -> tidy sentence", "punctuation fix"], rules)


@family(GROUP)
def remove_repeats(rng: random.Random) -> Function:
    """Doubled words, stuttered letters or filler words out."""
    fillers = rng.random() < 0.5
    words_out = rng.sample(("um", "uh", "er", "like", "you know", "I mean", "well", "erm", "basically", "sort of"), rng.randint(2, 4))

    def sample(rng: random.Random) -> Pair:
        clean = rng.choice((filler(rng), f"{rng.choice(FIRST)} wants {rng.randrange(2, 9)} {rng.choice(PRODUCTS)}.", f"We ship it to {rng.choice(CITIES)} on Friday."))
        words = clean[:-1].split(" ")
        out = []
        for word in words:
            if rng.random() < 0.25:
                out.append(rng.choice(words_out) if fillers else word)
                if not fillers and rng.random() < 0.2:
                    out.append(word)
            out.append(word)
        if " ".join(out) == " ".join(words):
            out.insert(1, rng.choice(words_out) if fillers else words[0])
        return " ".join(out) + ".", clean

    if fillers:
        return text_function(rng, sample, ["a spoken sentence", "a line of a transcript", "dictated text"],
                             ["[remove|drop|delete] the filler words {list}", "[clean|tidy] the transcript line: take out {list}", "cut {list} from the sentence and keep the rest"],
                             ["transcript line -> without {list}"], [], list=", ".join(words_out))
    return text_function(rng, sample, ["a sentence with doubled words", "a line where words are repeated", "stuttering text"],
                         ["[remove|delete] words that are repeated directly after one another", "keep one of each run of the same word", "drop doubled words ([the the|is is] becomes one)"],
                         ["doubled words -> single words", "the the -> the"])


# ---------------------------------------------------------------------------------------------------------
# markup


def _html_pieces(rng: random.Random) -> tuple[str, str, str]:
    """HTML, its plain text, its markdown: one small fragment."""
    text = rng.choice((filler(rng)[:-1], rng.choice(PRODUCTS), company(rng), person(rng), f"{rng.choice(ADJECTIVES)} {rng.choice(PRODUCTS)}"))
    url = f"https://{rng.choice(('shop', 'docs', 'www', 'blog'))}.{rng.choice(BRANDS).lower()}.com/{rng.choice(PRODUCTS)}"
    how = rng.randrange(8)
    if how == 0:
        return f"<b>{text}</b>", text, f"**{text}**"
    if how == 1:
        return f"<strong>{text}</strong>", text, f"**{text}**"
    if how == 2:
        return f"<em>{text}</em>", text, f"*{text}*"
    if how == 3:
        return f'<a href="{url}">{text}</a>', text, f"[{text}]({url})"
    if how == 4:
        return f"<code>{text}</code>", text, f"`{text}`"
    if how == 5:
        return f"<i>{text}</i>", text, f"*{text}*"
    return text, text, text


def _fragment(rng: random.Random) -> tuple[str, str, str]:
    pieces = [_html_pieces(rng) for _ in range(rng.randint(1, 3))]
    html, text, mark = (" ".join(piece[n] for piece in pieces) for n in range(3))
    level = rng.randint(1, 3)
    outer = rng.randrange(5)
    if outer == 0:
        return f"<h{level}>{html}</h{level}>", text, "#" * level + " " + mark
    if outer == 1:
        return f"<li>{html}</li>", text, "- " + mark
    if outer < 4:
        attr = rng.choice(("", "", ' class="intro"', ' id="p1"', ' style="color:red"'))
        return f"<p{attr}>{html}</p>", text, mark
    return html, text, mark


@family(GROUP)
def html_to_text(rng: random.Random) -> Function:
    entities = rng.random() < 0.5

    def sample(rng: random.Random) -> Pair:
        html, text, _ = _fragment(rng)
        if entities and rng.random() < 0.7:
            raw, ent = rng.choice((("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")))
            a, b = rng.choice(FIRST), rng.choice(FIRST)
            html, text = f"<p>{a} {ent} {b}</p>", f"{a} {raw} {b}"
        elif rng.random() < 0.3:
            html = html.replace("<p", "<div").replace("</p", "</div")
        return html, text

    rules = [["[decode|resolve] [HTML entities|entities like {amp}]", "{amp} and other entities become plain characters"]] if entities else []
    return text_function(rng, sample, ["an HTML fragment", "a bit of HTML", "one line of HTML"],
                         ["[strip|remove|delete] the [HTML tags|tags] and keep the text", "convert the HTML to plain text", "[print|return] only the visible text of the HTML", "[get rid of|drop] all tags"],
                         ["html -> plain text", "strip tags"], rules, amp="&amp;")


@family(GROUP)
def html_markdown(rng: random.Random) -> Function:
    how = rng.randrange(3)

    def sample(rng: random.Random) -> Pair:
        html, text, mark = _fragment(rng)
        html = re.sub(r"<p[^>]*>|</p>", "", html) if how == 1 else html
        if how == 1:
            html = html.replace("<b>", "<strong>").replace("</b>", "</strong>").replace("<i>", "<em>").replace("</i>", "</em>")
        return {0: (html, mark), 1: (mark, html), 2: (mark, text)}[how]

    if how == 0:
        return text_function(rng, sample, ["an HTML fragment", "a line of HTML"], ["convert the HTML to Markdown", "[rewrite|turn] the HTML [as|into] Markdown"], ["html -> markdown"],
                             [["bold is {b}, italics {i}, code {c}, links {a}, headings {h}, list items {l}", "use {b}, {i}, {c}, {a}, {h} and {l}"]], b="**x**", i="*x*", c="`x`", a="[x](url)", h="# x", l="- x")
    if how == 1:
        return text_function(rng, sample, ["a line of Markdown", "Markdown text"], ["convert the Markdown to HTML", "[rewrite|turn] the Markdown [as|into] HTML"], ["markdown -> html"],
                             [["use the tags {t}", "only {t}; no paragraph tag"]], t="strong, em, a, code, h1-h3, li")
    return text_function(rng, sample, ["a line of Markdown", "Markdown text"], ["[strip|remove] the Markdown [markup|syntax] and keep the words", "convert the Markdown to plain text", "[give|print] the plain text of the Markdown, link targets dropped"],
                         ["markdown -> plain text"])


# ---------------------------------------------------------------------------------------------------------
# lists, padding, case, slugs


def items(rng: random.Random, low: int = 2, high: int = 6, numbers: bool = False, repeats: bool = False) -> list[str]:
    count = rng.randint(low, high)
    if numbers:
        made = [str(n) for n in rng.sample(range(1, 400), count)]
    else:
        pool = rng.choice((FRUIT, FIRST, PRODUCTS, CITIES, *GROUPS.values()))
        made = rng.sample(list(pool), min(count, len(pool)))
    if repeats:
        for _ in range(rng.randint(0, 3)):
            made.insert(rng.randrange(1, len(made) + 1), rng.choice(made))
    return made


@family(GROUP)
def list_sort(rng: random.Random) -> Function:
    numbers = rng.random() < 0.45
    down = rng.random() < 0.4
    sep_in, sep_out = rng.choice(((", ", ", "), (", ", ", "), (",", ","), (" ", " "), (", ", " "), ("; ", ", "), (" ", ","), (", ", " < " if not down else " > "), ("|", "|"), (", ", "; ")))

    def sample(rng: random.Random) -> Pair:
        made = items(rng, 2, 6, numbers) if sep_in != " " or numbers else rng.sample(FRUIT, rng.randint(2, 6))
        done = sorted(made, key=(lambda t: (int(t), "")) if numbers else (lambda t: (0, t.lower())), reverse=down)
        return sep_in.join(made), sep_out.join(done)

    order = ("from largest to smallest", "in descending order", "biggest first") if numbers and down else ("from smallest to largest", "in ascending order", "smallest first") if numbers else (
        "in reverse alphabetical order", "from z to a") if down else ("alphabetically", "from a to z", "in alphabetical order")
    rules = [] if sep_in == sep_out else [["separate them with {out}", "join with {out}", "{out} between the items"]]
    noun = "numbers" if numbers else "words"
    return text_function(rng, sample, [f"a list of {noun}", f"some {noun}"], [f"sort the [list|{noun}] {{~order}}", f"[put|arrange] the {noun} {{~order}}", f"[print|return] the {noun} {{~order}}"],
                         [f"{noun} -> sorted {{~order}}", "sort {~order}"], rules, "list", order=order, out=f'"{sep_out}"')


@family(GROUP)
def list_dedupe(rng: random.Random) -> Function:
    fold = rng.random() < 0.4
    sep = rng.choice((", ", ",", " ", "; ", "|", " | "))
    sort = rng.random() < 0.25

    def sample(rng: random.Random) -> Pair:
        made = items(rng, 2, 4, repeats=True) if sep != " " else [rng.choice(FRUIT) for _ in range(rng.randint(3, 6))]
        made.append(rng.choice(made))
        seen: dict[str, str] = {}
        shown = []
        for one in made:
            show = rng.choice((one, one.upper(), one.lower(), cap(one))) if fold else one
            shown.append(show)
            seen.setdefault(show.lower() if fold else show, show)
        done = list(seen.values())
        return sep.join(shown), sep.join(sorted(done, key=str.lower) if sort else done)

    rules = [["[ignore case|upper and lower case count as the same], [keep the first spelling|the first spelling stays]"]] if fold else []
    rules.append(["[then sort|sort the rest] alphabetically"] if sort else ["keep the [original|first] order", "[the|] order stays", "the first one of each stays where it is"])
    return text_function(rng, sample, ["a list with repeats", "a list", "some items"], ["remove [duplicates|repeated items] from the list", "[keep|print] each item only once", "dedupe the list", "drop items that already appeared"],
                         ["list -> unique items", "dedupe"], [*rules, ["[the separator stays|keep the separator] {sep}", "items are separated by {sep}"]], "list", sep=f'"{sep}"')


@family(GROUP)
def list_rejoin(rng: random.Random) -> Function:
    """Change separators, number the items, make bullets, JSON or a sentence with "and"."""
    sep = rng.choice((", ", ",", " ", "; ", "|", " / ", " - "))
    how = rng.randrange(8)
    out = rng.choice([one for one in (", ", ";", " | ", "|", " / ", "-", " ", "; ", "\n", ",") if one != sep])
    quote = rng.choice(("'", '"'))
    slots: dict[str, str | tuple[str, ...]] = {"sep": f'"{sep}"', "out": SEPARATOR_NAMES[out]}
    work: Callable[[list[str]], str]
    kind_ = "list"
    if how < 2:
        work, does, terse = out.join, ["[replace|change] the separator {sep} [by|to] {out}", "join the items with {out}", "[print|write] the items separated by {out}"], ["{sep} list -> {out}"]
    elif how == 2:
        work, does, terse = lambda x: json.dumps(x, ensure_ascii=False), ["[turn|convert] the list into a JSON array of strings", "[write|print] the items as a JSON array of strings"], ["list -> json array of strings"]
        kind_ = "json"
    elif how == 3:
        work, does, terse = lambda x: ", ".join(x[:-1]) + " and " + x[-1], ["[write|join] the items [as in a sentence|in prose]: commas, and the word and before the last", "join with commas but put and before the last item, no comma there"], ["list -> a, b and c"]
        kind_ = "text"
    elif how == 4:
        work, does, terse = lambda x: out.join(quote + one + quote for one in x), ["put {quote} around each item and join [them|] with {out}", "quote every item with {quote}, separated by {out}"], ["items -> quoted with {quote}, separated by {out}"]
    elif how == 5:
        work, does, terse = lambda x: " ".join(f"{n}. {one}" for n, one in enumerate(x, 1)), ["number the items on one line like {num}", "[turn|write] the list as {num}"], ["list -> {num}"]
    elif how == 6:
        work, does, terse = lambda x: out.join(reversed(x)), ["reverse the order of the items and join them with {out}", "[print|write] the list backwards, separated by {out}"], ["list -> reversed, separated by {out}"]
    else:
        work, does, terse = lambda x: "(" + ", ".join(f"'{one}'" for one in x) + ")", ["[write|turn] the list [as|into] an SQL IN list like {sql}", "make {sql} from the items"], ["list -> {sql}"]
        kind_ = "text"
    slots |= {"quote": "double quotes" if quote == '"' else "single quotes", "num": "1. a 2. b 3. c", "sql": "('a', 'b', 'c')"}

    def sample(rng: random.Random) -> Pair:
        made = items(rng, 2, 5, rng.random() < 0.2)
        if any((sep.strip() and sep.strip() in one) or (" " in (sep, out) and " " in one) for one in made):
            made = rng.sample(FRUIT, rng.randint(2, 5))
        return sep.join(made), work(made)

    return text_function(rng, sample, ["a list with items separated by {sep}", "items separated by {sep}"], does, terse, [], kind_, **slots)


@family(GROUP)
def padding(rng: random.Random) -> Function:
    how = rng.randrange(4)
    width = rng.randint(3, 8)
    prefix = rng.choice(("", "", "ID-", "#", "INV", "T", "order-", "N°"))
    mark = rng.choice("*.-_x#")

    def sample(rng: random.Random) -> Pair:
        number = str(rng.randrange(0, 10 ** rng.randint(1, width)))
        if how == 0:
            return number, prefix + number.zfill(width)
        if how == 1:
            return number.zfill(rng.randint(len(number), width + 2)), prefix + number
        word = rng.choice([*(w for w in FRUIT if len(w) <= width), code(rng)[:width]])
        return (word, word + mark * (width - len(word))) if how == 2 else (word, mark * (width - len(word)) + word)

    slots = {"w": str(width), "p": prefix or "nothing", "m": f'"{mark}"', "ex": prefix + "7".zfill(width)}
    before = [["[put|write] {p} in front", "prefix it with {p}"]] if prefix and how < 2 else []
    if how == 0:
        return text_function(rng, sample, ["a number"], ["pad the number with [leading|] zeros to {w} digits", "zero-fill the number to {w} digits (7 gives {ex})", "write the number with exactly {w} digits, zeros in front"],
                             ["number -> {w} digits, zero-padded"], before, **slots)
    if how == 1:
        return text_function(rng, sample, ["a number with leading zeros"], ["[remove|strip] the leading zeros", "drop zeros at the front, keep at least one digit"], ["strip leading zeros"], before, **slots)
    side = "right" if how == 2 else "left"
    return text_function(rng, sample, ["a short word", "a short code"], [f"pad the word on the {side} with {{m}} to {{w}} characters", f"fill up with {{m}} on the {side} until it has {{w}} characters"],
                         [f"word -> {{w}} characters, {{m}} on the {side}"], [], **slots)


WORD_POOL = tuple("user order item total price count start end page file name path size max min last first next error log event time date text code type list map key value host port "
                  "cache token session email phone address customer invoice shipping report status retry limit offset query result image button header footer menu color width height".split())
CASES: dict[str, tuple[Callable[[list[str]], str], tuple[str, ...]]] = {
    "snake": ("_".join, ("snake_case",)), "kebab": ("-".join, ("kebab-case",)), "camel": (lambda w: w[0] + "".join(cap(x) for x in w[1:]), ("camelCase",)),
    "pascal": (lambda w: "".join(cap(x) for x in w), ("PascalCase", "UpperCamelCase")), "upper": (lambda w: "_".join(w).upper(), ("UPPER_SNAKE_CASE", "SCREAMING_SNAKE_CASE", "CONSTANT_CASE")),
    "title": (lambda w: " ".join(cap(x) for x in w), ("Title Case",)), "dot": (".".join, ("dot.case",)), "sentence": (lambda w: cap(" ".join(w)), ("Sentence case",)),
    "spaced": (" ".join, ("lower case words with spaces", "plain lower case with spaces")), "train": (lambda w: "-".join(cap(x) for x in w), ("Train-Case", "Header-Case")),
    "slash": ("/".join, ("slash/case",)), "flat": ("".join, ("flatcase",)), "upperspaced": (lambda w: " ".join(w).upper(), ("UPPER CASE WORDS",)),
}


@family(GROUP)
def case_style(rng: random.Random) -> Function:
    target = rng.choice(list(CASES))
    sources = [one for one in CASES if one not in (target, "flat")]
    if rng.random() < 0.4:
        sources = [rng.choice(sources)]

    def sample(rng: random.Random) -> Pair:
        chosen = rng.sample(WORD_POOL, rng.randint(2, 4))
        return CASES[rng.choice(sources)][0](chosen), CASES[target][0](chosen)

    fmt = rng.choice(CASES[target][1])
    source = rng.choice(CASES[sources[0]][1]) if len(sources) == 1 else "any case style"
    eg = CASES[target][0](["two", "words"])
    return text_function(rng, sample, ["an identifier in {source}", "a name in {source}", "a variable name"],
                         ["convert [the name|the identifier|it] to {fmt}", "[rewrite|write|print] the [identifier|name] in {fmt}", "change {source} to {fmt}", "turn the name into {fmt}, as in {eg}"],
                         ["{source} -> {fmt}", "name -> {fmt} ({eg})", "to {fmt}"], [], fmt=fmt, source=source, eg=eg)


@family(GROUP)
def slug(rng: random.Random) -> Function:
    sep = rng.choice("--_-.")
    drop_stop = rng.random() < 0.35
    limit = rng.choice((0, 0, 3, 4))
    stops = {"the", "a", "an", "of", "and", "in", "on", "is", "at", "to", "for"}

    def sample(rng: random.Random) -> Pair:
        text = rng.choice((cap(rng.choice(("how to", "why we", "ten ways to", "the best of", "notes on", "a guide to"))) + f" {rng.choice(('buy', 'fix', 'clean', 'sell', 'love'))} {rng.choice(('a', 'the', 'your'))} {rng.choice(ADJECTIVES)} {rng.choice(PRODUCTS)}",
                           f"{rng.choice(CITIES)}: {rng.choice(('A City', 'The Harbour', 'Trams & Trains', 'Food and Drink'))} {rng.randrange(2001, 2026)}", f"{rng.choice(FIRST)}'s {cap(rng.choice(PRODUCTS))} ({rng.choice(ADJECTIVES)})",
                           filler(rng), f"{company(rng)} - Q{rng.randint(1, 4)} Report!", f"{cap(rng.choice(PRODUCTS))}, {rng.choice(ADJECTIVES)} & {rng.choice(ADJECTIVES)}", f"What's new in version {rng.randint(1, 9)}?"))
        words = re.sub(r"[^a-z0-9 ]", "", re.sub(r"[-:]", " ", text.lower())).split()
        if drop_stop:
            words = [w for w in words if w not in stops]
        return text, sep.join(words[: limit or None])

    rules = [["[words are|] joined by {sep}", "{sep} between the words"], ["[lower case|all lower case], [letters and digits only|no punctuation, apostrophes just vanish]"]]
    if drop_stop:
        rules.append(["[leave out|drop|skip] the words {stops}", "without the small words {stops}"])
    if limit:
        rules.append(["[at most|no more than|only the first] {n} words", "[cut|stop] after {n} words"])
    return text_function(rng, sample, ["a [page|article|product] title", "a headline"], ["make a URL slug [from|of] the title", "[turn|convert] the title into a slug", "slugify [it|the title|this headline]"],
                         ["title -> slug", "slugify"], rules, sep=f'"{sep}"', stops=", ".join(sorted(stops)), n=str(limit or 9))


@family(GROUP)
def letter_edit(rng: random.Random) -> Function:
    """Character-level edits: keep or drop a class of characters, swap case, replace a character."""
    old, new = rng.choice(((" ", "_"), ("-", " "), ("_", " "), (".", "-"), (",", ";"), ("/", "-"), ("-", ""), (" ", ""), (":", "."), (" ", "-"), ("\\", "/")))
    names = {" ": "space", "_": "underscore", "-": "hyphen", ".": "dot", ",": "comma", ";": "semicolon", "/": "slash", ":": "colon", "\\": "backslash"}
    works: tuple[tuple[Callable[[str], str], list[str], list[str]], ...] = (
        (lambda t: re.sub(r"\D", "", t), ["keep only the digits", "[remove|delete] everything [except|but] digits", "strip all characters that are not digits"], ["text -> digits only"]),
        (lambda t: re.sub(r"\d", "", t), ["[remove|delete|drop] all digits", "take out every digit and keep the rest as it is"], ["text -> without digits"]),
        (lambda t: t.replace(old, new), ["replace every {old} [by|with] {new}" if new else "[remove|delete] every {old}", "each {old} becomes {new}" if new else "take out all {old} characters"], ["{old} -> {new}"]),
        (str.upper, ["[convert|change] [the text|everything] to upper case", "write it all in capital letters"], ["text -> UPPER CASE"]),
        (str.lower, ["[convert|change] [the text|everything] to lower case", "write it all in small letters"], ["text -> lower case"]),
        (lambda t: re.sub(r"[^A-Za-z]", "", t), ["keep only the letters [a to z, upper and lower|]", "[remove|delete] everything that is not a letter, blanks too"], ["text -> letters only"]),
        (lambda t: t[:3].upper(), ["[print|give|return] the first three characters in capitals", "make a three-letter code: the first three characters, upper case"], ["text -> first 3 chars, upper case"]),
        (lambda t: t[-4:], ["[print|give|return|keep] the last four characters", "only the last four characters"], ["text -> last 4 characters"]),
    )
    work, does, terse = rng.choice(works)

    def sample(rng: random.Random) -> Pair:
        for _ in range(30):
            text = rng.choice((f"{code(rng)} {rng.choice(CITIES)}", f"{rng.choice(FRUIT)}{old}{rng.choice(FRUIT)}{old}{rng.randrange(100)}", f"{rng.choice(FIRST)}{old}{rng.choice(PRODUCTS)}{old}{rng.choice(CITIES)}",
                               f"Room {rng.randrange(100, 999)}, {rng.choice(CITIES)}", f"{rng.choice(PRODUCTS)}-{rng.randrange(1000)}", f"+{rng.randrange(1, 99)} {rng.randrange(100, 999)} {rng.randrange(1000, 9999)}"))
            answer = work(text)
            if answer.strip() == answer != "" and text.strip() == text:
                return text, answer
        return "A1b2", work("A1b2")

    return text_function(rng, sample, ["a short text", "a code or a name", "a string"], does, terse, [], old=names[old], new=names.get(new, "nothing"))


@family(GROUP)
def typo_repair_known(rng: random.Random) -> Function:
    """Fix the misspelt word of a sentence; the rest stays."""

    def sample(rng: random.Random) -> Pair:
        sentence = rng.choice((filler(rng), f"Please send the {rng.choice(PRODUCTS)} to {rng.choice(FIRST)}.", f"The {rng.choice(ADJECTIVES)} {rng.choice(PRODUCTS)} is sold out."))
        words = sentence.split(" ")
        places = [n for n, w in enumerate(words) if len(w) >= 5 and w.isalpha() and w.islower()]
        if not places or rng.random() < 0.1:
            return sentence, sentence
        for at in rng.sample(places, min(len(places), rng.choice((1, 1, 2)))):
            words[at] = typo_word(rng, words[at])
        return " ".join(words), sentence

    return text_function(rng, sample, ["a sentence with a spelling mistake", "a typed sentence with slips"],
                         ["[correct|fix] the spelling [mistakes|errors] and change nothing else", "[rewrite|print] the sentence with correct spelling", "fix the typos, [leave|keep] the wording and punctuation [alone|as is]"],
                         ["sentence with typos -> corrected sentence", "fix typos only"])


@family(GROUP)
def template_fill(rng: random.Random) -> Function:
    """Reorder the fields of a record by a drawn template such as `{b} ({a})`."""
    keys = rng.sample([k for k in FIELDS if k not in ("note", "active", "paid")], rng.choice((2, 3)))
    sep = rng.choice((", ", ";", " | ", ",", " - ", "\t"))
    shape = rng.choice(("{x} ({y})", "{y}: {x}", "{y} {x}", "[{y}] {x}", "{x}={y}", "{y}/{x}", "{y} - {x}", "<{x}> {y}", "{x}, {y}", '"{y}" {x}', "{y}@{x}", "{x}:{y}"))
    if len(keys) == 3:
        shape += rng.choice((" {z}", ", {z}", " #{z}", " ({z})", "/{z}"))
    shown = shape.replace("{x}", keys[0].upper()).replace("{y}", keys[1].upper()).replace("{z}", keys[-1].upper())
    source = sep.join(k.upper() for k in keys)

    def sample(rng: random.Random) -> Pair:
        values = [str(field_value(rng, key, True)) for key in keys]
        out = shape.replace("{x}", values[0]).replace("{y}", values[1]).replace("{z}", values[-1])
        return sep.join(values), out

    return text_function(rng, sample, ["a line {source}", "a record of the form {source}"], ["[rewrite|reformat|turn] {source} [as|into|to] {shown}", "each line is {source}, print {shown}", "[change|convert] the record from {source} to {shown}"],
                         ["{source} -> {shown}"], [], source=source, shown=shown)

