# ruff: noqa: E501 -- tables of wordings read better one entry a line
"""Search and comparison: equal values, near duplicates, list membership, completion, ranking, grounded answers, word relations."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

from pawtrainer.families import sentences as s
from pawtrainer.families import words as w
from pawtrainer.families.base import Function, Pair, family
from pawtrainer.families.convert import date, date_in, spell
from pawtrainer.families.matching import CATALOGUES, JOINERS
from pawtrainer.families.phrasing import NONE_WORDS, fill, kind, label_function, text_function

GROUP = "fuzzy-matching-and-search"


def _date_pair(rng: random.Random, same: bool) -> tuple[str, str]:
    d = date(rng, 2000)
    e = d if same else rng.choice(((d[0] + rng.choice((-1, 1)), d[1], d[2]), (d[0], d[1] % 12 + 1, d[2]), (d[0], d[1], d[2] % 28 + 1)))
    return date_in(rng, d, "none"), date_in(rng, e, "none")


def _time_pair(rng: random.Random, same: bool) -> tuple[str, str]:
    hour, minute = rng.randrange(24), rng.choice((0, 15, 30, 45, 5, 50))
    other = hour if same else (hour + rng.choice((1, 11, 12, 13))) % 24
    return f"{hour:02d}:{minute:02d}", f"{other % 12 or 12}:{minute:02d} {'am' if other < 12 else 'pm'}"


def _number_pair(rng: random.Random, same: bool) -> tuple[str, str]:
    n = rng.randrange(2, rng.choice((60, 999)))
    m = n if same else n + rng.choice((-1, 1, 10, -10 if n > 12 else 10, 100))
    return str(n), spell(m)


def _unit_pair(rng: random.Random, same: bool) -> tuple[str, str]:
    big, small, factor = rng.choice((("km", "m", 1000), ("kg", "g", 1000), ("m", "cm", 100), ("l", "ml", 1000), ("h", "min", 60), ("min", "s", 60), ("cm", "mm", 10), ("days", "hours", 24)))
    n = rng.randrange(1, 30)
    return f"{n} {big}", f"{n * factor if same else rng.choice((n * factor * 10, n * factor + factor, n * 100 if factor != 100 else n * 1000))} {small}"


def _code_pair(rng: random.Random, same: bool) -> tuple[str, str]:
    head, n = "".join(rng.choice("ABCDEFGHKLMNPRSTXZ") for _ in range(rng.randint(2, 3))), str(rng.randrange(1000, 99999))
    at = rng.randrange(len(n))
    m = n if same else n[:at] + str((int(n[at]) + rng.randrange(1, 9)) % 10) + n[at + 1 :]
    return rng.choice((f"{head}-{n}", f"{head}{n}")), rng.choice((f"{head.lower()}{m}", f"{head} {m}", f"{head}/{m}", f"{head.lower()}-{m}"))


def _line_pair(rng: random.Random, same: bool) -> tuple[str, str]:
    a = rng.choice(w.FILLER)
    if same:
        return w.cap(a) + ".", rng.choice((a, a.upper(), a.replace(" ", "  ", 1), w.slips(rng, a, 1), w.cap(a) + "!"))
    words = a.split(" ")
    at = rng.choice([n for n, x in enumerate(words) if len(x) > 3] or [0])
    words[at] = rng.choice([p for p in w.PRODUCTS if p != words[at] and len(p) > 3])
    return w.cap(a) + ".", " ".join(words)


VALUE_PAIRS: dict[str, tuple[Callable[[random.Random, bool], tuple[str, str]], str, tuple[str, ...]]] = {
    "date": (_date_pair, "two dates", ("the same day", "one and the same date")), "time": (_time_pair, "two times of day", ("the same time", "one and the same time of day")), "number": (_number_pair, "a number and a number in words", ("the same number", "equal numbers")),
    "measure": (_unit_pair, "two measures", ("the same amount", "equal amounts")), "code": (_code_pair, "two codes", ("the same code (case and separators do not matter)", "one code, whatever its case and separators")), "line": (_line_pair, "two lines of text", ("the same line up to case, spaces, end mark and a slip", "the same words (case, spacing and a typo do not matter)")),
}


@family(GROUP)
def equal_values(rng: random.Random) -> Function:
    make_pair, what, means = VALUE_PAIRS[rng.choice(list(VALUE_PAIRS))]
    sep = rng.choice([j for j in JOINERS if j not in (" / ", " = ", " and ", "  --  ")])
    kinds = [kind("yes", "same equal yes match true 1", *means), kind("no", "different unequal no mismatch false 0", "different ones", "two that differ", "anything else")]

    def make(rng: random.Random, key: str) -> str:
        pair = list(make_pair(rng, key == "yes"))
        if rng.random() < 0.4:
            pair.reverse()
        return sep.join(pair)

    return label_function(rng, ["pair of values", f"line with {what}", "pair"], [f"whether {what} agree", "if both sides are equal"], kinds, make, questions=[f"are these {means[0]}", f"{means[0]}", f"do both sides mean {means[0]}"])


@family(GROUP)
def which_list(rng: random.Random) -> Function:
    """Drawn lists of unrelated words with drawn names: only the spec tells where a word belongs."""
    count = rng.randint(2, 4)
    pool = rng.sample((*w.FRUIT, *w.PRODUCTS, *w.FIRST[:40], *w.GROUPS["animal"], *w.GROUPS["sport"]), count * 5 + 8)
    size = rng.randint(2, 4)
    lists = [pool[at * size : (at + 1) * size] for at in range(count)]
    kinds = [kind(str(at), f"{name} list_{name}", ", ".join(x), " or ".join(x), f"any of {', '.join(x)}") for at, (x, name) in enumerate(zip(lists, rng.sample(("inner", "outer", "first", "second", "home", "away", "warm", "cold", "left", "right"), count), strict=True))]
    rest = pool[count * size :]
    if rng.random() < 0.6:
        kinds.append(kind("rest", "none other rest", "any other word", "all other words"))
    noisy = rng.random() < 0.5

    def make(rng: random.Random, key: str) -> str:
        word = rng.choice(rest if key == "rest" else lists[int(key)])
        if noisy and rng.random() < 0.5:
            word = rng.choice((word.upper(), word.lower(), f"the {word}", f"{word}!", f"a new {word}"))
        return word

    return label_function(rng, ["word", "entry"], ["the list of the word", "where the word belongs", "the group"], kinds, make, plain=False)


@family(GROUP)
def complete_prefix(rng: random.Random) -> Function:
    """Type-ahead: the entry of a drawn list that starts with what was typed."""
    pool = list(rng.choice((w.CITIES, w.COUNTRIES, w.PRODUCTS, w.FRUIT, CATALOGUES["film"], CATALOGUES["course"], ("git status", "git commit", "git push", "docker ps", "docker run", "kubectl get", "npm install", "make test", "ls -la", "ssh host", "systemctl restart", "pip install"))))
    rng.shuffle(pool)
    names: list[str] = []
    for name in pool:
        if name[:2].lower() not in {n[:2].lower() for n in names} and len(names) < 9:
            names.append(name)
    names = names[: rng.randint(4, 9)]
    none = rng.choice(NONE_WORDS)
    order = rng.sample(names, len(names))

    def sample(rng: random.Random) -> Pair:
        if rng.random() < 0.15:
            bad = rng.choice(("qx", "zzt", "xq", "wk", "jjo"))
            return bad, none
        name = rng.choice(names)
        typed = name[: rng.randint(2, max(2, len(name) - 1))].strip()
        return rng.choice((typed, typed.lower())), name

    return text_function(rng, sample, ["the first letters of an entry", "a typed beginning"], ["complete the typed beginning to one of: {all}", "[print|return] the entry that starts with the input (case does not matter): {all}", "auto-complete, entries: {all}"], ["prefix -> entry of {all}", "complete: {all}"], [["{none} if no entry starts so", "no match: {none}"]], all=", ".join(order), none=none)


@family(GROUP)
def near_command(rng: random.Random) -> Function:
    """A mistyped command to the right one of a drawn set."""
    names = rng.sample(("status", "commit", "checkout", "restart", "install", "remove", "update", "upload", "download", "search", "deploy", "rollback", "backup", "restore", "login", "logout", "export", "import", "monitor", "publish"), rng.randint(4, 8))
    lead = rng.choice(("", "", "/", "!", ":", "--"))

    def sample(rng: random.Random) -> Pair:
        name = rng.choice(names)
        return rng.choice((lead, "")) + w.slips(rng, name, rng.choice((0, 1, 1, 1, 2))), lead + name

    return text_function(rng, sample, ["a mistyped command", "a command with a typo"], ["[print|return|give] the command that was meant: {all}", "did you mean? choose from {all}", "correct the command, [known|valid] ones are {all}"], ["typed command -> one of {all}"], [["written exactly like in the list", "spell it as listed"]] if lead else [], all=", ".join(lead + n for n in names))


@family(GROUP)
def rank_options(rng: random.Random) -> Function:
    """Order lettered options by their number."""
    count = rng.choice((3, 3, 4))
    marks = rng.choice(("abcd", "ABCD", "1234", "xyzw"))[:count]
    down = rng.random() < 0.5
    sep = rng.choice((">", " > ", ",", ", ", " ", "-"))
    what, unit = rng.choice((("price", " EUR"), ("distance", " km"), ("age", " years"), ("rating", " stars"), ("weight", " kg")))
    join = rng.choice((" ", "; ", " | ", ", "))

    def sample(rng: random.Random) -> Pair:
        values = rng.sample(range(1, 100) if what != "rating" else range(1, 6), count)
        names = rng.sample(w.PRODUCTS, count)
        text = join.join(f"{m}) {name} {v}{unit}" for m, name, v in zip(marks, names, values, strict=True))
        return text, sep.join(m for _, m in sorted(zip(values, marks, strict=True), reverse=down))

    order = "from the highest to the lowest" if down else "from the lowest to the highest"
    return text_function(rng, sample, [f"{count} marked options with a {what}"], [f"sort the marks by {what} {order} and join them with {{sep}}", f"rank the options by {what}, {order}; [print|output] the marks joined with {{sep}}"], [f"options -> marks by {what}, {order}, joined with {{sep}}"], [], "list", sep=f'"{sep}"')


SYNONYMS = tuple(tuple(x.split("/")) for x in (
    "big/large/huge/enormous", "small/little/tiny/minute", "fast/quick/rapid/swift", "happy/glad/cheerful/joyful", "sad/unhappy/gloomy/sorrowful", "angry/furious/mad/irate", "smart/clever/bright/intelligent", "rich/wealthy/affluent/well-off", "begin/start/commence", "end/finish/conclude", "buy/purchase/acquire", "help/assist/aid", "repair/fix/mend", "answer/reply/respond",
    "ask/inquire/question", "choose/select/pick", "destroy/ruin/wreck", "hide/conceal/cover", "car/automobile/vehicle", "house/home/dwelling", "child/kid/youngster", "doctor/physician/medic", "job/work/occupation", "error/mistake/fault", "trip/journey/voyage", "gift/present/donation", "shop/store/market", "street/road/lane", "sick/ill/unwell", "afraid/scared/frightened",
    "cold/chilly/freezing", "hot/burning/boiling", "quiet/silent/still", "strange/odd/weird", "famous/renowned/well-known", "important/crucial/vital", "easy/simple/effortless", "hard/difficult/tough", "old/aged/ancient", "new/fresh/recent", "look/watch/observe", "speak/talk/say", "stop/halt/cease", "throw/toss/hurl", "cry/weep/sob", "laugh/giggle/chuckle",
))


@family(GROUP)
def synonym_group(rng: random.Random) -> Function:
    """A word to the listed word that means the same, or same/different for a pair."""
    if rng.random() < 0.45:
        sep = rng.choice((" / ", " - ", ", ", " | ", " = "))
        kinds = [kind("yes", "synonyms same yes similar", "words of the same meaning", "synonyms"), kind("no", "different other no unlike", "words of different meaning", "no synonyms")]

        def make(rng: random.Random, key: str) -> str:
            a, b = rng.sample(rng.choice(SYNONYMS), 2) if key == "yes" else [rng.choice(x) for x in rng.sample(SYNONYMS, 2)]
            return f"{a}{sep}{b}"

        return label_function(rng, ["pair of words", "word pair"], ["whether the words mean the same", "if they are synonyms"], kinds, make, questions=["are the words synonyms", "same meaning", "do both words mean the same"])
    groups = rng.sample(SYNONYMS, rng.randint(4, 7))
    heads = [rng.choice(g) for g in groups]
    none = rng.choice(NONE_WORDS)
    rest = [g for g in SYNONYMS if g not in groups]

    def sample(rng: random.Random) -> Pair:
        if rng.random() < 0.15:
            return rng.choice(rng.choice(rest)), none
        at = rng.randrange(len(groups))
        return rng.choice([x for x in groups[at] if x != heads[at]]), heads[at]

    return text_function(rng, sample, ["a word"], ["[print|return|find] the word of this list that means the same: {all}", "map the word to its synonym among {all}", "which of {all} is a synonym of the input"], ["word -> synonym out of {all}"], [["{none} if there is none", "no synonym: {none}"]], all=", ".join(heads), none=none)


@family(GROUP)
def is_a(rng: random.Random) -> Function:
    """Hypernym check: `oak : tree`, reversed or unrelated."""
    groups = [g for g in w.GROUPS if g not in ("colour", "language", "weather", "country", "city")]
    sep = rng.choice((" : ", " < ", " / ", ", ", " - "))
    kinds = [kind("up", "kind_of yes is_a entails", "first word names a kind of the second", "a pair where every first is a second, as in oak and tree"), kind("down", "reversed back inverse flipped", "second word names a kind of the first", "the general word first, as in tree and oak"), kind("none", "unrelated no neither none", "neither way round", "no such relation")]
    if rng.random() < 0.4:
        kinds = [kinds[0], kinds[2]]

    def make(rng: random.Random, key: str) -> str:
        g = rng.choice(groups)
        other = rng.choice([x for x in groups if x != g and not (set(w.GROUPS[x]) & set(w.GROUPS[g])) and {g, x} not in ({"animal", "bird"}, {"animal", "fish"}, {"tree", "fruit"})])
        word = rng.choice([x for x in w.GROUPS[g] if x != g])
        a, b = (word, g) if key != "none" else (word, other)
        return sep.join((b, a) if key == "down" or (key == "none" and rng.random() < 0.3) else (a, b))

    return label_function(rng, ["word pair", "pair of words"], ["the relation of the words", "which way the relation goes"], kinds, make, plain=False)


@family(GROUP)
def analogy(rng: random.Random) -> Function:
    tables = ({"Germany": "Berlin", "France": "Paris", "Spain": "Madrid", "Italy": "Rome", "Austria": "Vienna", "Norway": "Oslo", "Greece": "Athens", "Japan": "Tokyo", "Egypt": "Cairo", "Peru": "Lima"}, {"dog": "puppy", "cat": "kitten", "cow": "calf", "sheep": "lamb", "horse": "foal", "hen": "chick", "bear": "cub", "goat": "kid"}, {"hot": "cold", "big": "small", "up": "down", "day": "night", "open": "closed", "wet": "dry", "old": "new", "rich": "poor"},
              {"go": "went", "see": "saw", "take": "took", "write": "wrote", "eat": "ate", "buy": "bought", "run": "ran", "drink": "drank"}, {"one": "first", "two": "second", "three": "third", "four": "fourth", "five": "fifth", "six": "sixth"}, {"teacher": "school", "doctor": "hospital", "baker": "bakery", "farmer": "farm", "judge": "court", "pilot": "plane", "sailor": "ship"})
    shape = rng.choice(("{a} : {b} = {c} : ?", "{a} is to {b} as {c} is to ?", "{a}:{b}::{c}:?", "{a} -> {b}, {c} -> ?"))

    def sample(rng: random.Random) -> Pair:
        table = rng.choice(tables)
        a, c = rng.sample(list(table), 2)
        return shape.format(a=a, b=table[a], c=c), table[c]

    return text_function(rng, sample, ["an analogy with a gap"], ["[complete|solve] the analogy", "[print|give|return] the word for the question mark", "fill the gap of the analogy"], ["analogy -> missing word", "a:b = c:?"], [["one word", "the word only"]] if rng.random() < 0.5 else [])


FACTS = (
    ("The {product} costs {big} euros and weighs {n} kilos.", {"How much does the {product} cost?": "{big} euros", "How heavy is the {product}?": "{n} kilos"}),
    ("{first} {last} works as a {job} in {city}.", {"What is the job of {first}?": "{job}", "Where does {first} work?": "{city}", "What is the last name of {first}?": "{last}"}),
    ("The shop opens at {time} and is closed on {day}.", {"When does the shop open?": "{time}", "On which day is the shop closed?": "{day}"}),
    ("{company} was founded in {city} and has {big} employees.", {"Where was the company founded?": "{city}", "How many employees are there?": "{big}", "What is the name of the company?": "{company}"}),
    ("The train to {city} leaves from platform {n} at {time}.", {"From which platform does the train leave?": "{n}", "When does the train leave?": "{time}", "Where does the train go?": "{city}"}),
    ("{first} has a {adj} {animal} called {pet}.", {"What is the name of the animal?": "{pet}", "What kind of animal does {first} have?": "{animal}"}),
    ("The meeting is on {day} in room {n}, {first} brings the {product}.", {"On which day is the meeting?": "{day}", "In which room is the meeting?": "{n}", "Who brings the {product}?": "{first}"}),
    ("{first} bought {n} {fruit}s at the market in {month}.", {"How many {fruit}s were bought?": "{n}", "Who went to the market?": "{first}", "In which month was it?": "{month}"}),
    ("The guarantee lasts {n} months; repairs are done in {city}.", {"How long is the guarantee?": "{n} months", "Where are repairs done?": "{city}"}),
    ("Our {sport} team lost on {day} because {first} was ill.", {"When did the team lose?": "{day}", "Who was ill?": "{first}", "Which sport is it?": "{sport}"}),
)
STRAY = ("How many windows are there?", "Who wrote the song?", "What is the phone number?", "What did the dog eat?", "Why did the king leave?", "Which wine was served?", "Who painted the door?", "How deep is the lake?")


def _fact(rng: random.Random, answered: bool = True) -> tuple[str, str, str]:
    """Passage, question, answer; the answer is copied from the passage, or the question belongs to another text."""
    passage, asked = rng.choice(FACTS)
    if not answered:
        asked = rng.choice([*(other for text, other in FACTS if text != passage), dict.fromkeys(STRAY, "")])
    bound = {key: rng.choice(list(s.SLOTS[key])) for key in s.SLOTS} | {"pet": rng.choice(("Rex", "Luna", "Bella", "Max", "Coco", "Simba"))}
    question = rng.choice(list(asked))
    return passage.format(**bound), question.format(**bound), asked[question].format(**bound)


@family(GROUP)
def grounded_answer(rng: random.Random) -> Function:
    """Question and passage on one input: the words of the passage that answer it, else the fallback."""
    none = rng.choice(("NOT FOUND", *NONE_WORDS))
    shape = rng.choice(("{q} | {p}", "{p} | {q}", "Q: {q} / {p}", "{p}\n{q}", "question: {q} text: {p}"))

    def sample(rng: random.Random) -> Pair:
        answered = rng.random() > 0.18
        passage, question, answer = _fact(rng, answered)
        if rng.random() < 0.3:
            passage = f"{w.filler(rng)} {passage}" if rng.random() < 0.5 else f"{passage} {w.filler(rng)}"
        return shape.replace("{q}", question).replace("{p}", passage), answer if answered else none

    return text_function(rng, sample, ["a question with a short text", "a text and a question"], ["answer the question from the text [only|alone], in its words", "[find|copy] the answer to the question in the text", "[print|give] the shortest part of the text that answers the question"], ["question + text -> answer", "answer from the text"], [["{none} if the text does not tell", "not in the text: {none}"]], none=none)


@family(GROUP)
def answerable(rng: random.Random) -> Function:
    sep = rng.choice((" | ", "\n", " || ", " / "))
    kinds = [kind("yes", "answered yes found enough", "text that answers the question", "a question that the text answers"), kind("no", "open no missing lacking", "text that does not answer the question", "a question that the text leaves open")]

    def make(rng: random.Random, key: str) -> str:
        passage, question, _ = _fact(rng, key == "yes")
        return f"{question}{sep}{passage}"

    return label_function(rng, ["question and text", "question-text pair"], ["whether the text answers the question", "if the answer is in the text"], kinds, make, questions=["does the text answer the question", "is the answer in the text", "can the question be answered from the text"])


@family(GROUP)
def claim_check(rng: random.Random) -> Function:
    """Claim against a source sentence: supported, contradicted, or not told."""
    sep = rng.choice((" | ", "\n", " => ", " / claim: "))
    three = rng.random() < 0.6
    kinds = [kind("yes", "supported true yes entailed", "a claim that the text states", "claims that agree with the text"), kind("no", "refuted false no contradicted", "a claim that clashes with the text", "claims with another fact than the text")]
    if three:
        kinds.append(kind("open", "unknown open not_told neutral", "a claim that the text says nothing about", "claims on other matters"))

    def make(rng: random.Random, key: str) -> str:
        first, city, n, product, day = rng.choice(w.FIRST), rng.choice(w.CITIES), rng.randrange(2, 40), rng.choice(w.PRODUCTS), rng.choice(w.WEEKDAYS)
        c2, n2, p2, d2 = rng.choice([x for x in w.CITIES if x != city]), n + rng.randrange(1, 9), rng.choice([x for x in w.PRODUCTS if x != product]), rng.choice([x for x in w.WEEKDAYS if x != day])
        text = f"{first} bought {n} {product} boxes in {city} on {day}."
        claims = {"yes": (f"{first} was in {city} on {day}.", f"The boxes were bought on {day}.", f"{n} boxes were bought.", f"{first} bought boxes in {city}."), "no": (f"{first} bought the boxes in {c2}.", f"{first} bought {n2} boxes.", f"The boxes were bought on {d2}.", f"{first} bought only {p2} boxes."), "open": (f"{first} is {n2 + 20} years old.", f"{first} likes {rng.choice(w.GROUPS['drink'])}.", "The boxes were heavy.", f"It rained in {c2}.", f"{first} paid by card.")}
        return f"{text}{sep}{rng.choice(claims[key])}"

    return label_function(rng, ["text and claim", "pair of text and claim"], ["how the claim stands to the text", "whether the text supports the claim"], kinds, make, plain=False)


@family(GROUP)
def entity_kind(rng: random.Random) -> Function:
    makers: dict[str, tuple[Callable[[random.Random], str], str, tuple[str, ...]]] = {
        "person": (w.person, "person human", ("a person", "names of people")), "company": (w.company, "company firm", ("a company", "company names")), "city": (lambda r: r.choice(w.CITIES), "city town", ("a city", "names of cities")), "country": (lambda r: r.choice(w.COUNTRIES), "country nation", ("a country", "names of countries")),
        "product": (lambda r: f"{r.choice(w.BRANDS)} {r.choice(w.PRODUCTS)}", "product thing", ("a product with its brand", "goods")), "date": (lambda r: date_in(r, date(r), "none"), "date day", ("a date", "dates")), "code": (w.code, "code id", ("a code or number", "identifiers")), "street": (w.address, "address street", ("a street address", "addresses")), "email": (w.email, "email mail", ("an email address", "mail addresses")),
        "animal": (lambda r: r.choice(w.GROUPS["animal"]), "animal beast", ("an animal", "animals")), "food": (lambda r: r.choice((*w.FRUIT, *w.GROUPS["vegetable"])), "food eatable", ("fruit or vegetables", "something to eat")),
    }
    keys = rng.sample(list(makers), rng.randint(3, 6))
    kinds = [kind(key, makers[key][1], *makers[key][2]) for key in keys]
    return label_function(rng, ["entry", "name", "entity"], ["the kind of entity", "the type of the entry", "what it names"], kinds, lambda r, key: fill(r, "[{x}|{x}|{x},|the {x}]", x=makers[key][0](r)).rstrip(",") if key in ("company", "animal", "product") else makers[key][0](r))


@family(GROUP)
def misspelt(rng: random.Random) -> Function:
    kinds = [kind("yes", "typo yes wrong misspelt bad", "a misspelt word in the text", "at least one spelling mistake"), kind("no", "clean no right correct good", "text without a spelling mistake", "all words spelled correctly")]

    def make(rng: random.Random, key: str) -> str:
        text = rng.choice((rng.choice(w.FILLER), " ".join(rng.sample(w.PRODUCTS, 2)), rng.choice(w.PRODUCTS)))
        if key == "no":
            return text
        words = text.split(" ")
        places = [at for at, x in enumerate(words) if len(x) > 4 and x.isalpha()]
        if not places:
            return "recieve the parcle"
        at = rng.choice(places)
        for _ in range(10):
            bad = w.typo_word(rng, words[at])
            if bad != words[at]:
                words[at] = bad
                break
        return " ".join(words)

    return label_function(rng, ["text", "line", "phrase"], ["whether there is a spelling mistake", "if the spelling is right"], kinds, make, questions=["is a word misspelt", "any typo", "does it have a spelling mistake", "spelling mistake"])


@family(GROUP)
def top_matches(rng: random.Random) -> Function:
    """All entries of the input list that hold the drawn word or letters, as a list."""
    sep = rng.choice((", ", "; ", " | "))
    none = rng.choice(NONE_WORDS)
    as_json = rng.random() < 0.3
    group = rng.choice(("fruit", "animal", "tool", "clothing", "drink", "sport", "instrument"))
    how = rng.choice(("group", "letter", "long"))
    letter, size = rng.choice("abcmps"), rng.randint(5, 7)
    clean = [g for g in ("fruit", "animal", "tool", "clothing", "drink", "sport", "instrument", "furniture") if g != group]

    def sample(rng: random.Random) -> Pair:
        pool = rng.sample(w.GROUPS[group], rng.randint(0, 2)) + [rng.choice(w.GROUPS[g]) for g in rng.sample(clean, rng.randint(2, 3))]
        pool = list(dict.fromkeys(pool))
        rng.shuffle(pool)
        test: dict[str, Callable[[str], bool]] = {"group": lambda x: x in w.GROUPS[group], "letter": lambda x: x.startswith(letter), "long": lambda x: len(x) >= size}
        got = [x for x in pool if test[how](x)]
        return sep.join(pool), json.dumps(got) if as_json else sep.join(got) or none

    goal = {"group": f"are {group} words" if group != "clothing" else "are clothes", "letter": "start with {letter}", "long": "have {size} or more letters"}[how]
    rules = [["as a JSON array", "JSON list of strings"] if as_json else ["keep the separator; {none} if none is left", "same separator, {none} when nothing fits"]]
    return text_function(rng, sample, ["a list of words"], [f"keep only the words that {goal}", f"[print|return] those words of the list that {goal}", f"filter the list: words that {goal}"], [f"list -> words that {goal}"], rules, "json" if as_json else "list", letter=letter, size=str(size), none=none)
