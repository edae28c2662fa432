# ruff: noqa: E501 -- tables of wordings read better one entry a line
"""Fuzzy matching and search: names against a drawn list, same-entity and duplicate checks, relevance, query intent."""

from __future__ import annotations

import json
import random
import string
from collections.abc import Callable, Sequence
from typing import Any

from pawtrainer.families import sentences as s
from pawtrainer.families import words as w
from pawtrainer.families.base import Function, Pair, family
from pawtrainer.families.phrasing import NONE_WORDS, Kind, fill, kind, label_function, text_function

GROUP = "fuzzy-matching-and-search"

# canonical lists that a spec could hold: what they are, and their members
CATALOGUES: dict[str, tuple[str, ...]] = {
    "depot": tuple(f"{c} {p}" for c, p in zip(w.CITIES[:40], ("North", "South", "Harbour", "Central", "Airport", "East", "West", "Yard") * 5, strict=True)),
    "station": w.CITIES[40:80],
    "city": w.CITIES[:60],
    "customer": tuple(f"{a} {b}" for a, b in zip(w.COMPANY_A, w.COMPANY_B + w.COMPANY_B, strict=False)),
    "supplier": tuple(f"{a} {b}" for a, b in zip(w.COMPANY_A, w.COMPANY_B[7:] + w.COMPANY_B, strict=False)),
    "tea": ("Sencha", "Earl Grey", "Rooibos", "Oolong", "Chamomile", "Darjeeling", "Assam", "Peppermint", "Jasmine", "Matcha", "Lapsang Souchong", "Masala Chai"),
    "pizza": ("Margherita", "Quattro Formaggi", "Capricciosa", "Diavola", "Funghi", "Marinara", "Hawaii", "Prosciutto", "Calzone", "Napoletana"),
    "medicine": ("Ibuprofen", "Paracetamol", "Amoxicillin", "Metformin", "Omeprazole", "Loratadine", "Cetirizine", "Simvastatin", "Ramipril", "Aspirin"),
    "team member": tuple(f"{a} {b}" for a, b in zip(w.FIRST[:50], w.LAST[30:80], strict=True)),
    "street": tuple(f"{x} {y}" for x, y in zip(w.STREETS, ("Street", "Road", "Lane", "Avenue") * 9, strict=False)),
    "product": tuple(f"{b} {w.cap(p)}" for b, p in zip(w.BRANDS, w.PRODUCTS, strict=False)),
    "country": w.COUNTRIES,
    "department": ("Accounting", "Human Resources", "Customer Service", "Research and Development", "Legal Affairs", "Marketing", "Procurement", "Information Technology", "Facility Management", "Public Relations"),
    "course": ("Linear Algebra", "Organic Chemistry", "World History", "Data Structures", "Microeconomics", "Creative Writing", "Art History", "Statistics", "Molecular Biology", "Music Theory"),
    "fruit": tuple(w.cap(f) for f in w.FRUIT),
    "language": w.GROUPS["language"],
    "room": ("Aurora", "Borealis", "Cassiopeia", "Dolphin", "Everest", "Fjord", "Galileo", "Horizon", "Iceberg", "Jupiter", "Kepler", "Lagoon"),
    "dish": ("Lasagne", "Ratatouille", "Goulash", "Paella", "Moussaka", "Risotto", "Tabbouleh", "Shakshuka", "Bouillabaisse", "Stroganoff"),
    "programming language": w.GROUPS["programming language"],
    "film": ("The Silent Harbour", "Midnight Orchard", "Paper Lanterns", "Return to Oslo", "The Last Ferry", "Copper Sky", "Winter Letters", "A Fox in Town", "Seven Bridges", "Blue Static"),
}
CHATTER = ("{x} pls", "to {x}", "the {x} one", "{x}??", "i meant {x}", "{x} again", "need {x}", "{x} today", "for {x}", "{x}, thanks", "hi, {x} please", "um {x}", "{x} i think", "send it to {x}", "put {x} down", "it's {x}")


def garble(rng: random.Random, name: str, strong: float = 0.6) -> str:
    """The name as someone types it: slips, case, cut or squeezed words, chatter around; stays nearest to its origin."""
    text = name
    how = rng.random()
    words = name.split(" ")
    if how < strong:
        text = w.slips(rng, name, 1 if len(name) < 9 else rng.choice((1, 1, 2)))
    elif how < strong + 0.1 and len(words) > 1:
        text = rng.choice((name.replace(" ", ""), name.replace(" ", "-"), " ".join(word[: rng.randint(3, 4)] + "." if len(word) > 5 else word for word in words)))
    text = rng.choice((text, text, text.lower(), text.lower(), text.upper()))
    if rng.random() < 0.3:
        text = rng.choice(CHATTER).replace("{x}", text)
    return text


def catalogue(rng: random.Random, low: int, high: int) -> tuple[str, list[str], list[str]]:
    """What the list is, the members that a spec names, and some that it does not."""
    what = rng.choice(list(CATALOGUES))
    pool = list(CATALOGUES[what])
    rng.shuffle(pool)
    count = min(rng.randint(low, high), len(pool) - 2)
    chosen: list[str] = []
    heads: set[str] = set()
    for name in pool:
        if name.split(" ")[0][:4] not in heads and len(chosen) < count:
            chosen.append(name)
            heads.add(name.split(" ")[0][:4])
    rest = [name for name in pool if name.split(" ")[0][:4] not in heads and not {x for x in name.split(" ") if len(x) > 3} & {x for c in chosen for x in c.split(" ")}]
    return what, chosen, rest or ["Xanadu Qwerty"]


def listed(rng: random.Random, names: Sequence[str]) -> str:
    return rng.choice((", ", ", ", ", ", " / ", "; ", " | ")).join(names)


@family(GROUP)
def canonical_name(rng: random.Random) -> Function:
    what, chosen, rest = catalogue(rng, 3, 8)
    none = rng.choice((*NONE_WORDS, f"no {what}", "OFF-LIST", "other")) if rng.random() < 0.7 else ""

    def sample(rng: random.Random) -> Pair:
        if none and rng.random() < 0.2:
            return garble(rng, rng.choice(rest)) if rng.random() < 0.7 else rng.choice((rng.choice(w.FILLER), "no idea", "the usual", "something else")), none
        name = rng.choice(chosen)
        return garble(rng, name), name

    rules = [["[anything else|a {~what} that is not on the list] [gives|is|becomes] {none}", "{none} if it is none of them", "not on the list: {none}", "[if|when] nothing matches, [answer|print|say] {none}"]] if none else []
    return text_function(rng, sample, ["what someone typed for a {~what}", "a misspelt {~what} name", "a {~what} typed in a hurry"],
                         ["match the typed name to one of our {~whats}: {names}", "our {~whats} are {names}. [print|return|give] the one that is meant, spelled as [here|in the list]", "[find|pick|choose] the {~what} [that is meant|someone means] ({names}), [exact|correct] spelling", "map [the input|what people type] to one of these: {names}", "correct the {~what} to one of {names}"],
                         ["typed {~what} -> one of {names}", "{~what} lookup: {names}", "{names}: which one is meant"], rules, what=what, whats=what[:-1] + "ies" if what.endswith("y") else what + "s", names=listed(rng, chosen), none=none)


@family(GROUP)
def canonical_code(rng: random.Random) -> Function:
    """A drawn table name -> code; the input is a garbled name, the answer its code."""
    what, chosen, rest = catalogue(rng, 3, 6)
    style = rng.randrange(4)
    if style == 0:
        codes = [f"{i}" for i in rng.sample(range(1, 99), len(chosen))]
    elif style == 1:
        codes = [name[:3].upper() + str(rng.randrange(1, 10)) for name in chosen]
    elif style == 2:
        codes = rng.sample([f"{a}{b}" for a in "ABCDKXZ" for b in range(1, 10)], len(chosen))
    else:
        codes = rng.sample(w.GROUPS["animal"], len(chosen))
    none = rng.choice([n for n in NONE_WORDS if n not in codes])
    table = dict(zip(chosen, codes, strict=True))
    use_none = rng.random() < 0.6

    def sample(rng: random.Random) -> Pair:
        if use_none and rng.random() < 0.18:
            return garble(rng, rng.choice(rest)), none
        name = rng.choice(chosen)
        return garble(rng, name, 0.5), table[name]

    gap = rng.choice((", ", "; ", "\n"))
    arrow = rng.choice((" = ", ": ", " -> ", " => ", " - "))
    pairs = gap.join(f"{name}{arrow}{code}" for name, code in table.items())
    rules = [["[anything else|not in the table]: {none}", "{none} if it is none of them", "[if|when] nothing matches, [answer|print] {none}"]] if use_none else []
    return text_function(rng, sample, ["a {~what} as typed by a user", "a {~what} name with possible typos"], ["[print|return|give] the code of the {~what} that is meant:[ |\n]{pairs}", "[map|translate] the typed {~what} to its code.[ |\n]{pairs}", "typos happen, find the right {~what} and [print|output] its code. table:[ |\n]{pairs}"], ["{~what} -> code ({pairs})", "codes: {pairs}"], rules, what=what, pairs=pairs, none=none)


@family(GROUP)
def canonical_label(rng: random.Random) -> Function:
    """The same as a label function with a closed answer set."""
    what, chosen, rest = catalogue(rng, 2, 5)
    none = rng.choice(("NONE", "none", "other", "unknown", "-", "no match")) if rng.random() < 0.6 else ""
    labels = [*chosen, none] if none else chosen

    def sample(rng: random.Random) -> Pair:
        if none and rng.random() < 1 / len(labels):
            return garble(rng, rng.choice(rest)), none
        name = rng.choice(chosen)
        return garble(rng, name), name

    made = text_function(rng, sample, ["a {~what} typed by someone"], ["[which|say which] {~what} is meant: {names}", "[pick|choose] the {~what} that the input means, only one of {names}", "normalise the {~what} to {names}", "answer with exactly one of {names}, [whichever|the {~what} that] is meant"], ["{~what} -> {names}", "one of {names}"], [["{none} if none of these", "for all other input {none}", "{none} when nothing fits"]] if none else [], what=what, names=listed(rng, chosen), none=none)
    return Function(made.wordings, "label", sample, tuple(labels))


ALIASES: dict[str, tuple[str, ...]] = {
    "United States": ("USA", "US", "America", "the States", "U.S.A."), "United Kingdom": ("UK", "Britain", "Great Britain", "U.K."), "Germany": ("Deutschland", "FRG", "DE"), "Netherlands": ("Holland", "NL"), "Switzerland": ("CH", "Suisse", "Schweiz"), "Czech Republic": ("Czechia", "CZ"),
    "New York": ("NYC", "N.Y.", "the Big Apple", "New York City"), "Los Angeles": ("LA", "L.A.", "City of Angels"), "San Francisco": ("SF", "Frisco", "San Fran"), "Saint Petersburg": ("St. Petersburg", "St Petersburg", "Petersburg"),
    "JavaScript": ("js", "java script", "ECMAScript"), "PostgreSQL": ("postgres", "pg", "psql"), "Kubernetes": ("k8s", "kube"), "Python": ("py", "python3", "cpython"), "TypeScript": ("ts", "type script"), "Microsoft": ("MSFT", "MS", "Micro soft"),
    "kilogram": ("kg", "kilo", "kilos", "kgs"), "litre": ("l", "liter", "ltr", "litres"), "metre": ("m", "meter", "metres"), "piece": ("pc", "pcs", "ea", "each", "pieces"), "hour": ("h", "hr", "hrs", "hours"), "minute": ("min", "mins", "minutes"),
    "Street": ("St", "St.", "Str"), "Avenue": ("Ave", "Ave.", "Av"), "Road": ("Rd", "Rd."), "Doctor": ("Dr", "Dr.", "doc"), "Professor": ("Prof", "Prof."), "Television": ("TV", "telly", "tube"), "Refrigerator": ("fridge", "icebox"), "Bicycle": ("bike", "cycle", "push bike"), "Telephone": ("phone", "tel"),
    "Information Technology": ("IT", "I.T.", "info tech"), "Human Resources": ("HR", "H.R.", "personnel"), "Research and Development": ("R&D", "RnD", "R and D"), "Public Relations": ("PR", "P.R."),
}


@family(GROUP)
def alias_lookup(rng: random.Random) -> Function:
    names = rng.sample(list(ALIASES), rng.randint(3, 6))
    none = rng.choice(NONE_WORDS)
    rest = [n for n in ALIASES if n not in names]

    def sample(rng: random.Random) -> Pair:
        if rng.random() < 0.15:
            return rng.choice(ALIASES[rng.choice(rest)]), none
        name = rng.choice(names)
        return rng.choice((*ALIASES[name], rng.choice(ALIASES[name]).lower(), name.lower(), w.slips(rng, name, 1))), name

    return text_function(rng, sample, ["a name, short form or nickname", "an abbreviation or a synonym"], ["[print|return|give] the full name that is meant: {names}", "expand [abbreviations|short forms|nicknames] to one of {names}", "map each [alias|short form] to one of {names}"], ["alias -> {names}", "short form -> one of {names}"], [["[anything else|no match]: {none}", "{none} if it is none of these"]], names=listed(rng, names), none=none)


@family(GROUP)
def spell_to_vocabulary(rng: random.Random) -> Function:
    pool = rng.choice((w.FRUIT, w.PRODUCTS, *w.GROUPS.values()))
    vocabulary = rng.sample([x for x in pool if len(x) > 3 and x.isalpha()] or list(w.FRUIT), min(rng.randint(4, 9), len([x for x in pool if len(x) > 3 and x.isalpha()])))
    upper = rng.random() < 0.2

    def sample(rng: random.Random) -> Pair:
        word = rng.choice(vocabulary)
        given = w.slips(rng, word, rng.choice((0, 1, 1, 1, 2)))
        return given if not upper else given.upper(), word

    return text_function(rng, sample, ["a misspelt word", "a word with a typo"], ["[correct|fix] the spelling; the word is one of {names}", "[print|return] the word of this list that is meant: {names}", "spell check against the vocabulary {names}"], ["typo -> one of {names}", "spelling, vocabulary: {names}"], names=listed(rng, vocabulary))


# ---------------------------------------------------------------------------------------------------------
# same or not


def _same_name(rng: random.Random) -> tuple[str, str]:
    f, s = rng.choice(w.FIRST), rng.choice(w.LAST)
    a = f"{f} {s}"
    return a, rng.choice((f"{s}, {f}", f"{f[0]}. {s}", a.upper(), a.lower(), f"Dr. {a}", f"{s.upper()} {f}", f"{f} {rng.choice('ABCDEGHJ')}. {s}", f"{w.typo_word(rng, f)} {s}", f"{f} {w.typo_word(rng, s)}"))


def _other_name(rng: random.Random) -> tuple[str, str]:
    f, s = rng.choice(w.FIRST), rng.choice(w.LAST)
    a, b = f"{f} {s}", rng.choice((f"{rng.choice([x for x in w.FIRST if x[0] != f[0]])} {s}", f"{f} {rng.choice([x for x in w.LAST if x[:2] != s[:2]])}", w.person(rng)))
    return (a, b) if a != b else (a, f"Zed {s}")


def _same_company(rng: random.Random) -> tuple[str, str]:
    a = w.company(rng)
    first, second = a.split(" ")
    return a, rng.choice((f"{a} {rng.choice(w.SUFFIXES)}", f"{a}, {rng.choice(w.SUFFIXES)}.", a.upper(), f"{first}-{second}", f"The {a} Company", f"{first.lower()} {second.lower()}", f"{w.typo_word(rng, first)} {second}", f"{first} {second[:4]}."))


def _other_company(rng: random.Random) -> tuple[str, str]:
    first, second = w.company(rng).split(" ")
    return f"{first} {second}", rng.choice((f"{first} {rng.choice([x for x in w.COMPANY_B if x[:3] != second[:3]])} {rng.choice(w.SUFFIXES)}", f"{rng.choice([x for x in w.COMPANY_A if x[0] != first[0]])} {second}", f"{rng.choice([x for x in w.COMPANY_A if x[0] != first[0]])} {second} {rng.choice(w.SUFFIXES)}"))


def _same_address(rng: random.Random) -> tuple[str, str]:
    n, street, kind_, city = rng.randrange(1, 250), rng.choice(w.STREETS), rng.choice((("Street", "St."), ("Road", "Rd"), ("Avenue", "Ave"), ("Lane", "Ln"))), rng.choice(w.CITIES)
    return f"{n} {street} {kind_[0]}, {city}", rng.choice((f"{n} {street} {kind_[1]}, {city}", f"{city}, {street} {kind_[0]} {n}", f"{n} {street.lower()} {kind_[1].lower()} {city.lower()}", f"{n}, {street} {kind_[0]}, {city.upper()}", f"No. {n} {street} {kind_[1]} {city}"))


def _other_address(rng: random.Random) -> tuple[str, str]:
    n, street, kind_, city = rng.randrange(1, 250), rng.choice(w.STREETS), rng.choice(("Street", "Road", "Avenue", "Lane")), rng.choice(w.CITIES)
    m, other, town = n + rng.randrange(1, 60), rng.choice([x for x in w.STREETS if x != street]), rng.choice([x for x in w.CITIES if x != city])
    return f"{n} {street} {kind_}, {city}", rng.choice((f"{m} {street} {kind_}, {city}", f"{n} {other} {kind_}, {city}", f"{n} {street} {kind_}, {town}", f"{city}, {street} {kind_} {m}"))


def _same_product(rng: random.Random) -> tuple[str, str]:
    brand, product, model, colour = rng.choice(w.BRANDS), rng.choice(w.PRODUCTS), f"{rng.choice('ABCDXZ')}{rng.randrange(10, 999)}", rng.choice(w.GROUPS["colour"])
    return f"{brand} {product} {model}, {colour}", rng.choice((f"{product} {brand} {model} {colour}", f"{brand.upper()} {model} {product} ({colour})", f"{brand} {model[0]}-{model[1:]} {colour} {product}", f"{colour} {product} by {brand}, model {model}"))


def _other_product(rng: random.Random) -> tuple[str, str]:
    brand, product, number, colour = rng.choice(w.BRANDS), rng.choice(w.PRODUCTS), rng.randrange(10, 900), rng.choice(w.GROUPS["colour"])
    letter = rng.choice("ABCDXZ")
    return f"{brand} {product} {letter}{number}, {colour}", rng.choice((f"{brand} {product} {letter}{number + rng.randrange(1, 90)} {colour}", f"{rng.choice([b for b in w.BRANDS if b != brand])} {product} {letter}{number} {colour}", f"{colour} {rng.choice([p for p in w.PRODUCTS if p != product])} {brand} {letter}{number}", f"{product} {brand} {letter}{number} {rng.choice([c for c in w.GROUPS['colour'] if c != colour])}"))


PAIR_MAKERS = {
    "person": (_same_name, _other_name, ("two names", "a pair of names"), "initials, titles, order, case and small typos do not matter"),
    "company": (_same_company, _other_company, ("two company names", "a pair of companies"), "legal forms such as Ltd, case and small typos do not matter"),
    "address": (_same_address, _other_address, ("two addresses", "a pair of addresses"), "abbreviations, order and case do not matter"),
    "product": (_same_product, _other_product, ("two product titles", "a pair of offers"), "word order and punctuation do not matter, but brand, model and colour do"),
}
JOINERS = (" | ", " / ", " vs ", " ; ", "\n", " <> ", " = ", " and ", " || ", "  --  ")


@family(GROUP)
def same_entity(rng: random.Random) -> Function:
    about = rng.choice(list(PAIR_MAKERS))
    same, other, _, note = PAIR_MAKERS[about]
    sep = rng.choice([j for j in JOINERS if j != " / " or about != "address"])
    kinds = [kind("yes", "same yes match true duplicate equal merge", f"two spellings of the same {about}", f"the same {about}", f"one {about} written in two ways"), kind("no", "different no distinct false other separate keep", f"two different {about}s" if about != "company" and about != "address" else ("two different companies" if about == "company" else "two different addresses"), "different ones", "two that differ")]

    def make(rng: random.Random, key: str) -> str:
        a, b = (same if key == "yes" else other)(rng)
        return sep.join((a, b) if rng.random() < 0.6 else (b, a))

    rules = [[note, note.replace("do not matter", "are ignored") if about != "product" else note]] if about == "product" or rng.random() < 0.6 else []
    return label_function(rng, [f"pair of {about} entries", f"{about} pair", "line with two entries"], [f"whether both are the same {about}", f"if the two name one {about}", f"whether this is one {about} or two"], kinds, make, plain=False, rules=rules, questions=[f"do both name the same {about}", f"same {about}", f"are these the same {about}", f"is it one and the same {about}"])


@family(GROUP)
def duplicate_record(rng: random.Random) -> Function:
    """Two records name/date/mail: the drawn rule says which fields must agree."""
    key_field = rng.choice(("email", "phone", "birth date", "customer number"))
    sep = rng.choice((" | ", "; ", ", "))
    join = rng.choice((" // ", "\n", " <=> ", " || "))
    kinds = [kind("yes", "duplicate dup merge same yes", f"records with the same {key_field}, whatever the name", f"two records that agree in the {key_field}"), kind("no", "distinct new keep separate no", f"records whose {key_field} differs", f"a different {key_field}")]

    def value(rng: random.Random) -> str:
        makers: dict[str, Callable[[random.Random], str]] = {
            "email": w.email, "phone": lambda r: f"{r.randrange(200, 999)}-{r.randrange(1000, 9999)}", "customer number": lambda r: f"C{r.randrange(1000, 99999)}",
            "birth date": lambda r: f"{r.randrange(1950, 2008)}-{r.randrange(1, 13):02d}-{r.randrange(1, 29):02d}",
        }
        return makers[key_field](rng)

    def make(rng: random.Random, key: str) -> str:
        (a, b), city = (_same_name if rng.random() < 0.5 else _other_name)(rng), rng.choice(w.CITIES)
        x = value(rng)
        y = x if key == "yes" else value(rng)
        while key == "no" and x == y:
            y = value(rng)
        return f"{a}{sep}{x}{sep}{city}{join}{b}{sep}{y}{sep}{rng.choice((city, rng.choice(w.CITIES)))}"

    return label_function(rng, ["pair of records", "record pair"], ["whether the two records are duplicates", "if the records should be merged"], kinds, make, plain=False, questions=[f"do both records have the same {key_field}", f"same {key_field}", f"does the {key_field} agree"], rules=[[f"only the {key_field} decides", f"the {key_field} alone counts"]] if rng.random() < 0.6 else [])


PARAPHRASES: tuple[tuple[str, ...], ...] = (
    ("How do I reset my password?", "I forgot my password, what now?", "password reset please", "Can't remember my login password"), ("Where is my parcel?", "my package has not arrived", "track my order", "When will my delivery come?"), ("Cancel my subscription", "I want to end my plan", "please stop the monthly membership", "how can I unsubscribe from the plan"),
    ("How can I pay by card?", "do you take credit cards", "Is paying with Visa possible?"), ("I want my money back", "please refund me", "how do I get a refund"), ("What are your opening hours?", "when do you open", "until what time is the shop open"), ("The app crashes at start", "app closes right after launching", "your app won't open, it just quits"),
    ("Change my delivery address", "I moved, please update where you ship to", "send the parcel to my new address instead"), ("Do you ship abroad?", "international delivery possible?", "can you send it to another country"), ("I was charged twice", "you took the money two times", "double payment on my card"), ("The screen is broken", "my display is cracked", "there is a crack in the glass"),
    ("Can I talk to a human?", "connect me with an agent", "I want a real person"), ("How do I delete my account?", "remove my profile for good", "please erase my account"), ("Is there a student discount?", "cheaper price for students?", "do students pay less"), ("The battery drains fast", "it runs out of power quickly", "battery is empty after an hour"),
    ("It is raining", "rain is falling", "it's wet outside, rain again"), ("The train is late", "our train has a delay", "train delayed"), ("She bought a car", "a car was purchased by her", "she got herself a car"), ("The film was boring", "I nearly fell asleep in the movie", "a dull film"), ("He lost his keys", "his keys are missing", "he can't find his keys"),
    ("The shop is closed", "the store isn't open", "the shop has shut"), ("Dinner is ready", "the evening meal is on the table", "food's done, come eat"), ("We won the match", "our team was victorious", "the game ended with our victory"), ("Turn off the light", "switch the lamp off", "lights out please"), ("The coffee is cold", "this coffee isn't hot any more", "my coffee went cold"),
)


@family(GROUP)
def same_meaning(rng: random.Random) -> Function:
    sep = rng.choice(JOINERS[:6])
    kinds = [kind("yes", "same yes paraphrase equal duplicate 1", "two lines that say the same thing", "the same meaning in other words", "a paraphrase"), kind("no", "different no distinct other new 0", "two lines with different meaning", "different meanings", "no paraphrase")]

    def make(rng: random.Random, key: str) -> str:
        if key == "yes":
            a, b = rng.sample(rng.choice(PARAPHRASES), 2)
        else:
            x, y = rng.sample(PARAPHRASES, 2)
            a, b = rng.choice(x), rng.choice(y)
        return sep.join((w.chat(rng, a, 0.2), w.chat(rng, b, 0.2)))

    return label_function(rng, ["pair of sentences", "pair of questions", "two texts"], ["whether they mean the same", "if the two say the same thing", "whether one is a paraphrase of the other"], kinds, make, plain=False, questions=["do they mean the same", "same meaning", "do the two lines say the same thing", "is it a paraphrase", "do they ask or say the same"])


@family(GROUP)
def best_candidate(rng: random.Random) -> Function:
    """A query and numbered candidates on one line; answer the number of the match, 0 (or a word) when none."""
    what = rng.choice([k for k in CATALOGUES if k not in ("depot",)])
    count = rng.randint(3, 4)
    marks = rng.choice((("1", "2", "3", "4"), ("a", "b", "c", "d"), ("A", "B", "C", "D")))
    none = rng.choice(("0", "none", "-", "X")) if rng.random() < 0.5 else ""
    shape = rng.choice(("{q} | 1) {c}", "{q} => 1: {c}", "query: {q} / candidates: 1) {c}", "{q}\n1. {c}"))
    pool = list(CATALOGUES[what])
    labels = [*marks[:count], *([none] if none else [])]

    def sample(rng: random.Random) -> Pair:
        label = rng.choice(labels)
        names: list[str] = []
        for name in rng.sample(pool, min(len(pool), 14)):
            if name.split(" ")[0][:3] not in {n.split(" ")[0][:3] for n in names}:
                names.append(name)
        shown, target = names[:count], names[count] if label == none else names[labels.index(label)]
        rest = shape.split("1", 1)[1].split("{c}")[0]
        joined = ("\n" if "\n" in shape else " ").join(f"{m}{rest}{c}" for m, c in zip(marks, shown, strict=False))
        return shape.split("1", 1)[0].replace("{q}", garble(rng, target, 0.6)) + joined, label

    rules = [["{none} if [none matches|there is no match]", "no match: {none}"]] if none else []
    made = text_function(rng, sample, ["a typed {~what} and a list of candidates"], ["[print|return|give] the [mark|number or letter] of the candidate that the query means ({all})", "which candidate matches the typed {~what}? answer {all}", "[find|pick] the candidate that fits the query best and [print|answer] {all}"], ["query and candidates -> {all}", "best match: {all}"], rules, what=what, all=" / ".join(marks[:count]), none=none)
    return Function(made.wordings, "label", sample, tuple(labels))


# ---------------------------------------------------------------------------------------------------------
# categories, relevance, intents


@family(GROUP)
def category_lookup(rng: random.Random) -> Function:
    """Items to drawn shelf names, by a table of word groups in the spec."""
    groups = rng.sample(("fruit", "vegetable", "fish", "tool", "clothing", "furniture", "drink", "instrument", "kitchenware", "vehicle", "flower"), rng.randint(2, 5))
    kinds = [kind(g, f"{g} {g.upper()} {g[:4]}", g, f"anything that is {'a ' if g not in ('fruit', 'clothing', 'furniture', 'kitchenware') else ''}{g}", f"things like {', '.join(rng.sample(w.GROUPS[g], 2))}") for g in groups]
    rest = [g for g in ("fruit", "vegetable", "fish", "tool", "clothing", "furniture", "drink", "instrument", "vehicle", "metal") if g not in groups]
    if rng.random() < 0.4:
        kinds.append(kind("other", "other none rest misc", "anything else", "all other things"))

    def make(rng: random.Random, key: str) -> str:
        word = rng.choice(w.GROUPS[rng.choice(rest) if key == "other" else key])
        return fill(rng, "[{x}|{x}|a {adj} {x}|{n} {x}|{x}, {adj}|[do you have|i need] {x}|{b} {x}]", x=w.slips(rng, word, rng.choice((0, 0, 1))), adj=w.ADJECTIVES, n=s.SLOTS["n"], b=w.BRANDS)

    return label_function(rng, ["shop item", "article", "item"], ["the shelf", "the section of the shop", "the category"], kinds, make)


QUERY_INTENTS: dict[str, tuple[str, ...]] = {
    "buy": ("buy {product} online", "cheap {product} {city}", "{brand} {product} price", "{product} free shipping", "best deal {adj} {product}", "order {product} same day", "{product} for sale", "discount code {brand}"),
    "learn": ("how to clean a {product}", "what is a {instrument}", "why do {animal}s sleep", "history of {city}", "how long to boil {veg}", "difference between {fruit} and {fruit}", "who invented the {product}", "meaning of {adj}"),
    "go": ("{brand} login", "{company} website", "{brand} homepage", "{brand} customer portal", "{company} contact page", "my {brand} account sign in", "{brand}.com"),
    "local": ("{job} near me", "{sport} club in {city}", "pharmacy open now", "restaurants {city} centre", "{product} shop nearby", "parking {city} station", "closest petrol station"),
    "compare": ("{brand} vs {brand} {product}", "best {product} {n} review", "top ten {product}s", "{brand} {product} or {brand} {product}", "is {brand} better than {brand}", "{product} test winner"),
    "fix": ("{product} not working", "{brand} {product} error {n}", "{product} won't turn on", "repair broken {product}", "{product} makes strange noise", "reset {brand} {product}"),
}


@family(GROUP)
def query_intent(rng: random.Random) -> Function:
    kinds = [kind("buy", "buy transactional purchase shop", "a wish to buy", "shopping queries", "someone who wants to buy"), kind("learn", "learn informational info know", "a wish to know something", "questions and facts", "informational queries"), kind("go", "go navigational nav site", "a certain website", "someone looking for one site or login", "navigational queries"),
             kind("local", "local near nearby place", "places nearby", "a local search", "something in a town or near the user"), kind("compare", "compare comparison versus review", "a comparison or a review", "someone choosing between products"), kind("fix", "fix troubleshoot repair help", "a defect to repair", "trouble with a device")]
    chosen = rng.sample(kinds, rng.randint(2, 5))
    return label_function(rng, ["search query", "query", "web search"], ["the search intent", "the intent of the query", "what the searcher wants"], chosen, lambda r, key: w.typo(r, s.write(r, QUERY_INTENTS[key]).lower(), 0.04))


@family(GROUP)
def relevance(rng: random.Random) -> Function:
    """Query against result title: full, partial (topic shared) or none, in drawn labels."""
    sep = rng.choice((" | ", " => ", " / ", "\n", " -> ", " :: "))
    three = rng.random() < 0.6
    kinds = [kind("full", "relevant exact 2 yes good full", "a result that gives exactly what is asked", "a full hit", "both the thing and the wanted detail")]
    if three:
        kinds.append(kind("part", "partial related 1 maybe some", "a result on the same thing but another detail", "the same thing but not what is asked", "a related result"))
    kinds.append(kind("none", "irrelevant off 0 no bad none", "a result about something else", "another thing altogether", "an unrelated result"))
    details = {"price": ("how much is a {x}", "{x} price", "cost of a {x}", "{x} cheap", "what does a {x} cost"), "repair": ("repair {x}", "fix a broken {x}", "{x} not working", "{x} broken what to do"), "clean": ("how to clean a {x}", "cleaning my {x}", "get stains off a {x}", "wash {x}"), "size": ("{x} dimensions", "how big is a {x}", "{x} size chart", "measurements of {x}")}
    titles = {"price": ("{x} prices compared", "What a {x} costs in 2025", "{x} from 19 euros", "Price list: {x}"), "repair": ("Fixing your {x} step by step", "Common {x} faults and repairs", "Repair guide for the {x}"), "clean": ("Ten cleaning tips for your {x}", "How to wash a {x}", "Keep the {x} clean"), "size": ("{x} dimensions and sizes", "Which {x} size fits?", "Size guide: {x}")}

    def make(rng: random.Random, key: str) -> str:
        x, y = rng.sample(w.PRODUCTS, 2)
        d, e = rng.sample(list(details), 2)
        query = rng.choice(details[d]).replace("{x}", x)
        title = rng.choice(titles[d if key == "full" or (key == "none" and rng.random() < 0.5) else e]).replace("{x}", y if key == "none" else x)
        return query + sep + w.cap(title)

    return label_function(rng, ["query and result", "query-result pair"], ["the relevance of the result", "how well the result fits the query", "the relevance grade"], kinds, make, plain=False)


@family(GROUP)
def list_members(rng: random.Random) -> Function:
    """Which members of a drawn list does the text mention (typos allowed), in order or list order."""
    what, chosen, rest = catalogue(rng, 3, 6)
    none = rng.choice(NONE_WORDS)
    as_json = rng.random() < 0.25
    sep = rng.choice((", ", "; ", "|", ",", " + "))
    frames = ("{} then {}", "first {}, later {}", "not sure, {} or {}", "{} and {} please", "we sent it to {}, not {}", "{} & {}", "from {} over to {}", "{} today, {} tomorrow")

    def sample(rng: random.Random) -> Pair:
        how = rng.random()
        if how < 0.15:
            return rng.choice((f"only {rng.choice(rest)}", rng.choice(w.FILLER), f"{rng.choice(rest)} please")), "[]" if as_json else none
        if how < 0.4:
            got = [rng.choice(chosen)]
            text = rng.choice(CHATTER).replace("{x}", w.slips(rng, got[0], rng.choice((0, 1))))
            if rng.random() < 0.3:
                text += f" and {rng.choice(rest)}"
        else:
            got = rng.sample(chosen, 2)
            text = rng.choice(frames).format(*(w.slips(rng, name, rng.choice((0, 0, 1))) for name in got))
        if rng.random() < 0.4:
            text = text.lower()
        return text, json.dumps(got, ensure_ascii=False) if as_json else sep.join(got)

    rules = [["[print|as] a JSON array, {empty} if none", "JSON list of strings ({empty} if there is none)"] if as_json else ["joined with {sep}; {none} if none", "separator {sep}, {none} when no one is mentioned"]]
    rules.append(["in order of appearance, correct spelling", "keep the order of the text, spell them as in the list"])
    return text_function(rng, sample, ["a message that may mention a {~what}", "a text"], ["[list|print|find] which of {names} the text mentions", "our list of {~what} names: {names}. [print|return] those that occur in the text, typos allowed", "[extract|collect] the mentioned names out of {names}"], ["text -> mentioned ones of {names}", "which of {names}"], rules, "json" if as_json else "list", what=what, names=listed(rng, chosen), none=none, sep=f'"{sep}"', empty="[]")


HEADERS: dict[str, tuple[str, ...]] = {
    "first_name": ("First Name", "fname", "given name", "Vorname", "forename", "firstname"), "last_name": ("Surname", "lname", "family name", "Last Name", "lastname"), "email": ("E-Mail", "mail address", "Email Addr.", "e_mail", "contact email"), "phone": ("Tel.", "telephone", "Mobile No", "phone number", "cell"),
    "zip": ("Postal Code", "PLZ", "postcode", "ZIP code", "post code"), "city": ("Town", "City Name", "municipality", "place of residence"), "country": ("Nation", "Country Name", "country of residence"), "birth_date": ("DOB", "date of birth", "birthday", "Born on"), "price": ("Unit Price", "cost", "amount per piece", "Preis"),
    "quantity": ("Qty", "No. of units", "count", "pieces", "Menge"), "order_id": ("Order No.", "order number", "Ord#", "purchase order"), "date": ("Order Date", "day of order", "ordered on", "dt"), "company": ("Firm", "Organisation", "employer", "Company Name"), "street": ("Street Address", "addr line 1", "road and number"),
}


@family(GROUP)
def header_mapping(rng: random.Random) -> Function:
    fields = rng.sample(list(HEADERS), rng.randint(3, 6))
    how = rng.random()
    names = {f: f if how < 0.5 else f.replace("_", " ").title().replace(" ", "") if how < 0.75 else f.upper() for f in fields}
    rest = [f for f in HEADERS if f not in fields]
    none = rng.choice(("other", "skip", "none", "unknown", "-", "IGNORE"))
    kinds_use = rng.random() < 0.7
    labels = [names[f] for f in fields] + ([none] if kinds_use else [])
    rng.shuffle(labels)

    def sample(rng: random.Random) -> Pair:
        label = rng.choice(labels)
        field = rng.choice(rest) if label == none else next(f for f in fields if names[f] == label)
        head = rng.choice(HEADERS[field])
        return rng.choice((head, head, head.lower(), head.upper(), head.replace(" ", "_"), head + ":")), label

    made = text_function(rng, sample, ["a column header of a customer's spreadsheet", "a column title"], ["map the header to one of our fields: {all}", "which field is this column? answer with one of {all}", "[print|return] the standard field name ({all}) for the column title", "only one of {all}: the field that the header means"], ["column header -> {all}", "header to field: {all}"], [["{none} for all other columns", "use {none} if no field fits"]] if kinds_use else [], all=listed(rng, [x for x in labels if x != none or not kinds_use]), none=none)
    return Function(made.wordings, "label", sample, tuple(labels))


@family(GROUP)
def filter_match(rng: random.Random) -> Function:
    """A catalogue line against a drawn condition: price limit, colour, both; yes/no in drawn labels."""
    limit = rng.choice((20, 50, 100, 250, 500))
    under = rng.random() < 0.6
    colour = rng.choice(w.GROUPS["colour"]) if rng.random() < 0.5 else ""
    product = rng.choice(w.PRODUCTS) if rng.random() < 0.5 or not colour else ""
    cond = f"{'a ' + colour if colour else 'a'} {product or 'thing'} {'under' if under else 'over'} {limit} euros".replace("  ", " ")
    kinds = [kind("yes", "match yes show keep hit true", f"{cond}", f"offers of {cond}"), kind("no", "skip no hide drop miss false", "any other offer", "everything else", "offers that break a condition")]

    def make(rng: random.Random, key: str) -> str:
        c, p = colour or rng.choice(w.GROUPS["colour"]), product or rng.choice(w.PRODUCTS)
        low, high = rng.randrange(1, limit), rng.randrange(limit + 1, limit * 3)
        price = low if under else high
        if key == "no":
            wrong = rng.choice([x for x in ("price", "colour" * bool(colour), "product" * bool(product)) if x])
            if wrong == "price":
                price = high if under else low
            elif wrong == "colour":
                c = rng.choice([x for x in w.GROUPS["colour"] if x != colour])
            else:
                p = rng.choice([x for x in w.PRODUCTS if x != product])
        return rng.choice((f"{w.cap(c)} {p}, {price} EUR", f"{p} ({c}) - {price} euros", f"{rng.choice(w.BRANDS)} {p} in {c}, {price} EUR", f"{c} {p} {price}\u20ac"))

    return label_function(rng, ["offer", "shop offer", "catalogue line"], ["whether the offer fits", "if it is what we look for", "whether all conditions hold"], kinds, make, plain=False, questions=[f"is this {cond}", f"is the offer {cond}", f"{cond}", f"does it fit: {cond}"], rules=[["all conditions must hold", "every condition counts"]] if rng.random() < 0.4 else [])


@family(GROUP)
def nearest_number(rng: random.Random) -> Function:
    """Snap a number (or size) to the drawn list, upwards, downwards or to the nearest."""
    steps = sorted(rng.sample(range(5, 300, 5), rng.randint(3, 6)))
    how = rng.choice(("nearest", "up", "down"))
    tag = rng.choice(("", "", "size ", "box "))
    unit = rng.choice(("", " cm", " kg", " l", " min"))

    def sample(rng: random.Random) -> Pair:
        while True:
            n = rng.randrange(steps[0], steps[-1] + 1)
            gaps = sorted(abs(n - x) for x in steps)
            if how != "nearest" or gaps[0] != gaps[1]:
                break
        got = min(steps, key=lambda x: abs(x - n)) if how == "nearest" else min(x for x in steps if x >= n) if how == "up" else max(x for x in steps if x <= n)
        return f"{n}{unit}", f"{tag}{got}"

    goal = {"nearest": "the nearest value", "up": "the smallest value that is not below the input", "down": "the largest value that is not above the input"}[how]
    slots: dict[str, Any] = {"all": ", ".join(map(str, steps)), "eg": f"{tag}{steps[0]}"}
    return text_function(rng, sample, [f"a number{' with its unit' if unit else ''}"], [f"[print|return|pick] {goal} out of {{all}}, written like {{eg}}", f"sizes are {{all}}; [print|give] {goal}, in the form {{eg}}"], [f"number -> {goal} of {{all}} (like {{eg}})"], **slots)


@family(GROUP)
def prefix_route(rng: random.Random) -> Function:
    """Codes to drawn labels by prefix, suffix or range, as the spec says."""
    prefixes = rng.sample([a + b for a in "ABCDEFKMPRSTX" for b in "ABCDEKLMNPRTXZ"], rng.randint(2, 4))
    kinds: list[Kind] = []
    for p, (name, _) in zip(prefixes, rng.sample([(d, 0) for d in w.DEPARTMENTS], len(prefixes)), strict=True):
        kinds.append(kind(p, f"{name}", f"codes that start with {p}", f"{p} codes", f"a code beginning with {p}"))
    if rng.random() < 0.6:
        kinds.append(kind("other", "other none unknown rest", "any other code", "all other codes"))

    def make(rng: random.Random, key: str) -> str:
        head = key if key != "other" else rng.choice([a + b for a in "GHJLNQVWYZ" for b in string.ascii_uppercase[:8]] + [p[::-1] for p in prefixes if p[::-1] not in prefixes])
        return f"{head}{rng.choice(('-', '', ' ', '/'))}{rng.randrange(100, 99999)}{rng.choice(('', '', rng.choice('ABX')))}"

    return label_function(rng, ["part code", "code", "document number"], ["the department of the code", "where the code belongs", "the owner of the code"], kinds, make, plain=False)

