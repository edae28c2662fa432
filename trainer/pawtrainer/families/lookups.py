# ruff: noqa: E501, SIM905 -- tables of wordings read better one entry a line
"""Small knowledge and grammar tables: codes of countries, currencies and languages; plurals, contractions, spelling variants."""

from __future__ import annotations

import random
import re

from pawtrainer.families import words as w
from pawtrainer.families.base import Function, Pair, family
from pawtrainer.families.convert import spell
from pawtrainer.families.phrasing import NONE_WORDS, fill, text_function
from pawtrainer.families.repair import json_style, tells

TEXT, REPAIR, WEB = "core-text", "format-repair-and-conversion", "web-and-intent"

COUNTRY_CODES = dict(x.split("=") for x in "Germany=DE France=FR Spain=ES Italy=IT Portugal=PT Austria=AT Poland=PL Norway=NO Sweden=SE Finland=FI Denmark=DK Greece=GR Hungary=HU Ireland=IE Belgium=BE Switzerland=CH Turkey=TR Egypt=EG Nigeria=NG Kenya=KE Ghana=GH Japan=JP China=CN India=IN Thailand=TH Australia=AU Canada=CA Mexico=MX Brazil=BR Argentina=AR Chile=CL Peru=PE Colombia=CO Iceland=IS Estonia=EE Latvia=LV Croatia=HR Morocco=MA Vietnam=VN Netherlands=NL Ukraine=UA Romania=RO Bulgaria=BG Israel=IL Indonesia=ID Malaysia=MY Singapore=SG Russia=RU".split())
CAPITALS = dict(x.split("=") for x in "Germany=Berlin France=Paris Spain=Madrid Italy=Rome Portugal=Lisbon Austria=Vienna Poland=Warsaw Norway=Oslo Sweden=Stockholm Finland=Helsinki Denmark=Copenhagen Greece=Athens Hungary=Budapest Ireland=Dublin Belgium=Brussels Turkey=Ankara Egypt=Cairo Kenya=Nairobi Ghana=Accra Japan=Tokyo China=Beijing Thailand=Bangkok Canada=Ottawa Peru=Lima Cuba=Havana Chile=Santiago Iceland=Reykjavik Estonia=Tallinn Latvia=Riga Croatia=Zagreb Morocco=Rabat Vietnam=Hanoi Netherlands=Amsterdam Ukraine=Kyiv Romania=Bucharest Bulgaria=Sofia Russia=Moscow".split())
LANGUAGE_CODES = dict(x.split("=") for x in "English=en German=de French=fr Spanish=es Italian=it Portuguese=pt Dutch=nl Polish=pl Swedish=sv Danish=da Norwegian=no Finnish=fi Greek=el Turkish=tr Russian=ru Ukrainian=uk Japanese=ja Chinese=zh Korean=ko Arabic=ar Hindi=hi Hebrew=he Czech=cs Hungarian=hu Romanian=ro Bulgarian=bg Thai=th Vietnamese=vi".split())
CURRENCY_CODES = {"euro": "EUR", "US dollar": "USD", "pound sterling": "GBP", "Japanese yen": "JPY", "Swiss franc": "CHF", "Swedish krona": "SEK", "Norwegian krone": "NOK", "Danish krone": "DKK", "Polish zloty": "PLN", "Indian rupee": "INR", "Chinese yuan": "CNY", "Canadian dollar": "CAD", "Australian dollar": "AUD", "Mexican peso": "MXN", "Brazilian real": "BRL", "Turkish lira": "TRY", "South African rand": "ZAR"}
COLOURS = {"red": "#ff0000", "green": "#00ff00", "blue": "#0000ff", "white": "#ffffff", "black": "#000000", "yellow": "#ffff00", "cyan": "#00ffff", "magenta": "#ff00ff", "gray": "#808080", "orange": "#ffa500", "navy": "#000080", "silver": "#c0c0c0", "maroon": "#800000", "purple": "#800080", "olive": "#808000", "teal": "#008080", "pink": "#ffc0cb"}
STATUS = {"OK": "200", "Created": "201", "No Content": "204", "Moved Permanently": "301", "Found": "302", "Not Modified": "304", "Bad Request": "400", "Unauthorized": "401", "Forbidden": "403", "Not Found": "404", "Method Not Allowed": "405", "Conflict": "409", "Gone": "410", "Too Many Requests": "429", "Internal Server Error": "500", "Not Implemented": "501", "Bad Gateway": "502", "Service Unavailable": "503", "Gateway Timeout": "504"}
PORTS = {"ssh": "22", "http": "80", "https": "443", "ftp": "21", "smtp": "25", "dns": "53", "imap": "143", "pop3": "110", "mysql": "3306", "postgresql": "5432", "redis": "6379", "telnet": "23"}
EXTENSIONS = {"Python": "py", "Rust": "rs", "Java": "java", "JavaScript": "js", "TypeScript": "ts", "C": "c", "C++": "cpp", "Ruby": "rb", "Go": "go", "Haskell": "hs", "Kotlin": "kt", "Perl": "pl", "Swift": "swift", "Scala": "scala", "Markdown": "md", "YAML": "yaml", "HTML": "html"}
ELEMENTS = dict(x.split("=") for x in "hydrogen=H helium=He carbon=C nitrogen=N oxygen=O sodium=Na magnesium=Mg aluminium=Al silicon=Si sulfur=S chlorine=Cl potassium=K calcium=Ca iron=Fe copper=Cu zinc=Zn silver=Ag tin=Sn gold=Au mercury=Hg lead=Pb".split())
TABLES: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("country", "two-letter country code", COUNTRY_CODES), ("country", "capital", CAPITALS), ("language", "two-letter language code", LANGUAGE_CODES), ("currency", "ISO currency code", CURRENCY_CODES), ("colour name", "hex code", COLOURS), ("HTTP status phrase", "status code", STATUS), ("protocol or service", "default port", PORTS), ("programming language", "file extension without the dot", EXTENSIONS), ("chemical element", "symbol", ELEMENTS),
)


@family(TEXT)
def table_lookup(rng: random.Random) -> Function:
    what, goal, table = rng.choice(TABLES)
    none = rng.choice(NONE_WORDS) if rng.random() < 0.4 else ""
    back = rng.random() < 0.25

    def sample(rng: random.Random) -> Pair:
        if none and rng.random() < 0.15:
            return rng.choice((rng.choice(w.PRODUCTS), rng.choice(w.FIRST), "blorp", "???")), none
        key = rng.choice(list(table))
        if back:
            return table[key], key
        return rng.choice((key, key, key.lower(), key.upper())) if len(key) > 2 else key, table[key]

    if back:
        what, goal = goal, what
    rules = [["[anything else|unknown]: {none}", "{none} if there is no such thing"]] if none else []
    return text_function(rng, sample, [f"a {what}", f"the name of a {what}" if not back else f"a {what}"], [f"[print|return|give|write] the {goal} of the {what}" if not back else f"[print|return|give|name] the {goal} that the {what} belongs to", f"map the {what} to the {goal}", f"which {goal} belongs to this {what}"], [f"{what} -> {goal}", f"{what} to {goal}"], rules, none=none)


BRITISH = dict(x.split("=") for x in "colour=color favourite=favorite centre=center theatre=theater neighbour=neighbor grey=gray organise=organize realise=realize travelled=traveled labour=labor flavour=flavor harbour=harbor humour=humor metre=meter defence=defense catalogue=catalog honour=honor behaviour=behavior cancelled=canceled jewellery=jewelry analyse=analyze apologise=apologize tyre=tire".split())
CONTRACTIONS = {"don't": "do not", "isn't": "is not", "can't": "cannot", "won't": "will not", "it's": "it is", "I'm": "I am", "we're": "we are", "they've": "they have", "doesn't": "does not", "didn't": "did not", "you're": "you are", "wasn't": "was not", "haven't": "have not", "I'll": "I will", "we'll": "we will", "aren't": "are not", "shouldn't": "should not", "couldn't": "could not"}
CONTRACTION_FRAMES = {"don't": "we don't need {x}", "isn't": "the {x} isn't here", "can't": "{first} can't find the {x}", "won't": "the {x} won't open", "it's": "it's a {x}", "I'm": "I'm near the {x}", "we're": "we're out of {x}s", "they've": "they've sold the {x}", "doesn't": "{first} doesn't like the {x}", "didn't": "{first} didn't bring the {x}", "you're": "you're right about the {x}", "wasn't": "the {x} wasn't cheap", "haven't": "we haven't seen the {x}", "I'll": "I'll buy a {x}", "we'll": "we'll fix the {x}", "aren't": "the {x}s aren't ready", "shouldn't": "you shouldn't touch the {x}", "couldn't": "{first} couldn't lift the {x}"}


@family(REPAIR)
def spelling_variant(rng: random.Random) -> Function:
    back = rng.random() < 0.4
    frames = ("my {x} is here", "the {x} of {city}", "{first} likes the {x}", "it is {x} now", "they {x} it", "a {x} and a {p}", "no {x} at all", "{x}, please")

    def sample(rng: random.Random) -> Pair:
        british = rng.choice(list(BRITISH))
        frame = fill(rng, rng.choice(frames), x="\x00", city=w.CITIES, first=w.FIRST, p=w.PRODUCTS)
        frame = w.cap(frame) + "." if rng.random() < 0.4 and frame[0] != "\x00" else frame
        a, b = frame.replace("\x00", british), frame.replace("\x00", BRITISH[british])
        return (b, a) if back else (a, b)

    one, two = ("American", "British") if back else ("British", "American")
    return text_function(rng, sample, [f"a text in {one} spelling"], [f"convert {one} to {two} spelling", f"[rewrite|print] the text in {two} spelling", f"change {one} spellings to {two} ones"], [f"{one} -> {two} spelling"], [["nothing else changes", "leave all else as it is"]] if rng.random() < 0.4 else [])


@family(REPAIR)
def contractions(rng: random.Random) -> Function:
    back = rng.random() < 0.3

    def sample(rng: random.Random) -> Pair:
        short = rng.choice(list(CONTRACTIONS))
        text = fill(rng, CONTRACTION_FRAMES[short], x=w.PRODUCTS, first=w.FIRST)
        if rng.random() < 0.5:
            text = w.cap(text) + "."
        full = re.sub(re.escape(short), lambda m: w.cap(CONTRACTIONS[short]) if m[0][0].isupper() else CONTRACTIONS[short], text, flags=re.I)
        return (full, text) if back else (text, full)

    if back:
        return text_function(rng, sample, ["a formal sentence"], ["[use|write] contractions where they fit (do not becomes don't)", "shorten do not, it is, we are and the like to contractions"], ["do not -> don't", "contract the sentence"])
    return text_function(rng, sample, ["a sentence with a contraction"], ["expand [the contractions|contractions like don't]", "write contractions out in full", "[replace|rewrite] short forms such as don't [by|as] do not"], ["contractions -> full forms", "don't -> do not"], [["the rest stays", "change nothing else"]] if rng.random() < 0.4 else [])


IRREGULAR = dict(x.split("=") for x in "child=children man=men woman=women foot=feet tooth=teeth mouse=mice goose=geese person=people sheep=sheep fish=fish knife=knives leaf=leaves wolf=wolves shelf=shelves wife=wives life=lives half=halves loaf=loaves".split())
VERBS = dict(x.split("=") for x in "go=went see=saw take=took give=gave come=came write=wrote run=ran eat=ate buy=bought think=thought bring=brought find=found leave=left make=made say=said tell=told sing=sang drink=drank swim=swam begin=began break=broke speak=spoke drive=drove know=knew fly=flew sleep=slept keep=kept feel=felt send=sent lose=lost".split())
REGULAR = ("walk", "call", "open", "clean", "paint", "play", "ask", "help", "cook", "fix", "jump", "look", "need", "order", "pack", "start", "wait", "wash", "work", "talk")


def plural(noun: str) -> str:
    if noun in IRREGULAR:
        return IRREGULAR[noun]
    if noun[-1] == "y" and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) or noun in ("mango", "potato", "tomato") else "s")


@family(TEXT)
def word_form(rng: random.Random) -> Function:
    how = rng.choice(("plural", "plural", "singular", "past", "past", "base"))
    nouns = [n for n in (*w.FRUIT, *w.PRODUCTS, *w.GROUPS["animal"], *w.GROUPS["job"]) if n[-1] != "s" and n not in ("cutlery", "trousers")]

    def sample(rng: random.Random) -> Pair:
        if how in ("plural", "singular"):
            noun = rng.choice(list(IRREGULAR)) if rng.random() < 0.35 else rng.choice(nouns)
            return (noun, plural(noun)) if how == "plural" else (plural(noun), noun)
        verb = rng.choice(list(VERBS)) if rng.random() < 0.6 else rng.choice(REGULAR)
        past = VERBS.get(verb, verb + "ed")
        return (verb, past) if how == "past" else (past, verb)

    goal = {"plural": "plural of the noun", "singular": "singular of the noun", "past": "simple past of the verb", "base": "base form of the verb"}[how]
    return text_function(rng, sample, ["a word", "a verb" if how in ("past", "base") else "a noun"], [f"[print|give|return|write] the {goal}", f"[form|find] the {goal}"], [f"word -> {goal}", goal])


@family(REPAIR)
def title_case(rng: random.Random) -> Function:
    small = {"the", "of", "and", "a", "an", "in", "on", "at", "to", "for", "with"}
    how = rng.choice(("small", "all", "sentence"))

    def sample(rng: random.Random) -> Pair:
        text = rng.choice((f"the {rng.choice(w.PRODUCTS)} of the {rng.choice(w.GROUPS['animal'])}", f"a {rng.choice(w.GROUPS['job'])} in the {rng.choice(w.GROUPS['weather'])}", f"how to cook {rng.choice(w.GROUPS['vegetable'])} and {rng.choice(w.FRUIT)}", rng.choice(w.FILLER).replace("I ", "we "), f"{rng.choice(w.ADJECTIVES)} {rng.choice(w.PRODUCTS)} with {rng.choice(w.ADJECTIVES)} {rng.choice(w.PRODUCTS)}"))
        text = text.lower()
        words = text.split(" ")
        if how == "sentence":
            out = w.cap(text)
        else:
            out = " ".join(w.cap(x) if how == "all" or at in (0, len(words) - 1) or x not in small else x for at, x in enumerate(words))
        return rng.choice((text, text, text.upper())), out

    goal = {"small": "title case", "all": "title case with every word capitalised", "sentence": "sentence case: only the very first letter is a capital"}[how]
    rules = [["small words ({stops}) stay lower case unless first or last", "{stops} in lower case, except as first or last word"]] if how == "small" else []
    return text_function(rng, sample, ["a title", "a headline"], [f"[convert|change] the title to {goal}", f"[rewrite|write|print] it in {goal}"], [f"text -> {goal}", goal], rules, stops=", ".join(sorted(small)))


@family(REPAIR)
def safe_filename(rng: random.Random) -> Function:
    sep = rng.choice("_-")
    lower = rng.random() < 0.4

    def sample(rng: random.Random) -> Pair:
        name = rng.choice((f"{w.cap(rng.choice(w.ADJECTIVES))} {rng.choice(w.PRODUCTS)} ({rng.randrange(1, 9)})", f"Report {rng.choice(w.MONTHS)}: {rng.choice(w.DEPARTMENTS)}", f"{rng.choice(w.FIRST)}'s {rng.choice(w.PRODUCTS)}", f"{rng.choice(w.CITIES)} & {rng.choice(w.CITIES)}", f"what is {rng.choice(w.PRODUCTS)}?", f"{rng.choice(w.PRODUCTS)} 50% off!", f"my {rng.choice(w.PRODUCTS)} list"))
        ext = rng.choice(("pdf", "txt", "jpg", "docx", "csv"))
        base = re.sub(r"[^A-Za-z0-9]+", sep, name.replace("'", "")).strip(sep)
        return f"{name}.{ext}", (base.lower() if lower else base) + "." + ext

    rules = [["apostrophes vanish, every other run of characters that are no letters or digits becomes one {sep}", "one {sep} for each run of blanks and special characters, apostrophes are dropped"], ["no {sep} at the start or before the extension"]]
    if lower:
        rules.append(["all lower case", "in lower case"])
    return text_function(rng, sample, ["a file name", "a file name with special characters"], ["make the file name safe", "[turn|convert] it into a safe file name", "clean the file name"], ["file name -> safe file name"], rules, sep=f'"{sep}"')


@family(REPAIR)
def numbers_in_text(rng: random.Random) -> Function:
    """Written numbers inside a sentence to digits, or the contrary."""
    back = rng.random() < 0.3
    frames = ("I have {n} {p}s", "{first} bought {n} {p}s and {m} {q}s", "we need {n} chairs by {day}", "{n} people came from {city}", "room {n} has {m} beds", "it took {n} days", "only {n} of {m} tickets were sold")

    def sample(rng: random.Random) -> Pair:
        a, b = rng.randrange(2, rng.choice((13, 100))), rng.randrange(2, 30)
        frame = fill(rng, rng.choice(frames), n="\x00", m="\x01", p=w.PRODUCTS, q=w.FRUIT, first=w.FIRST, city=w.CITIES, day=w.WEEKDAYS)
        word, digit = frame.replace("\x00", spell(a)).replace("\x01", spell(b)), frame.replace("\x00", str(a)).replace("\x01", str(b))
        if frame[0] == "\x00" and rng.random() < 0.5:
            word = w.cap(word)
        return (digit, w.cap(word) if False else frame.replace("\x00", spell(a)).replace("\x01", spell(b))) if back else (word, digit)

    if back:
        return text_function(rng, sample, ["a sentence with numbers"], ["write the numbers in the sentence as words", "spell out all digits in the text"], ["digits -> words in the text"], [["lower case, hyphens as in forty-two"]])
    return text_function(rng, sample, ["a sentence with written numbers"], ["convert written numbers to digits", "replace number words in the text [by|with] digits", "[rewrite|print] the sentence with numbers in digits"], ["number words -> digits in the text"], [["nothing else changes", "keep the rest"]] if rng.random() < 0.5 else [])


@family(REPAIR)
def measurement(rng: random.Random) -> Function:
    units = {"kg": ("kilograms", "kilogram", "kilos", "KG"), "g": ("grams", "gram", "gr"), "km": ("kilometres", "kilometers", "KM", "kms"), "m": ("metres", "meters", "meter"), "cm": ("centimetres", "centimeters", "CM"), "l": ("litres", "liters", "ltr", "L"), "ml": ("millilitres", "milliliters", "ML"), "h": ("hours", "hrs", "hr"), "min": ("minutes", "mins", "minute"), "s": ("seconds", "secs", "sec")}
    gap = rng.choice((" ", " ", ""))
    embedded = rng.random() < 0.4

    def sample(rng: random.Random) -> Pair:
        unit = rng.choice(list(units))
        n = rng.choice((str(rng.randrange(1, 500)), f"{rng.randrange(1, 50)}.{rng.randrange(1, 10)}"))
        name = rng.choice(units[unit])
        given = rng.choice((f"{n} {name}", f"{n}{name}" if len(name) < 4 else f"{n} {name}", f"{n} {name}"))
        if embedded:
            given = rng.choice(("about {}", "length: {}", "{} or so", "we need {}", "{} exactly", "max. {}")).replace("{}", given)
        return given, f"{n}{gap}{unit}"

    eg = f"5{gap}kg"
    return text_function(rng, sample, ["a measurement", "a quantity with its unit"], ["[write|normalise|print] the measurement as number and unit symbol, like {eg}", "[give|return] number + unit symbol ({eg})"], ["measurement -> {eg} style", "5 kilograms -> {eg}"], [["symbols: {all}", "allowed symbols are {all}"]] if rng.random() < 0.5 else [], eg=eg, all=", ".join(units))


@family(REPAIR)
def address_to_json(rng: random.Random) -> Function:
    keys = rng.choice((("street", "city", "zip"), ("street", "zip", "city"), ("number", "street", "city"), ("city", "zip"), ("road", "town", "postcode")))
    dump, told = json_style(rng)
    protected: dict[str, str] = {}

    def sample(rng: random.Random) -> Pair:
        n, street, city, code = str(rng.randrange(1, 300)), f"{rng.choice(w.STREETS)} {rng.choice(('Street', 'Road', 'Lane', 'Avenue', 'St', 'Rd'))}", rng.choice(w.CITIES), str(rng.randrange(10000, 99999))
        values = {"street": street if "number" in keys else f"{n} {street}", "road": f"{n} {street}", "city": city, "town": city, "zip": code, "postcode": code, "number": n}
        return rng.choice((f"{n} {street}, {code} {city}", f"{n} {street}, {city} {code}", f"{n} {street}\n{code} {city}", f"{n} {street} / {city} / {code}")), dump({k: values[k] for k in keys})

    return text_function(rng, sample, ["an address", "a postal address"], ["[parse|turn] the address into JSON with the keys {keys}", "[convert|write] the address [to|as] JSON {keys}"], ["address -> json {keys}"], [["all values are strings", "strings only"], tells(told, protected)], "json", keys=", ".join(keys), **protected)


@family(TEXT)
def receipt_total(rng: random.Random) -> Function:
    none = rng.choice(NONE_WORDS)
    want = rng.choice(("total", "total", "date", "shop", "tax"))

    def sample(rng: random.Random) -> Pair:
        rows = [f"{w.cap(p)} {rng.randrange(1, 60)}.{rng.randrange(10, 99)}" for p in rng.sample(w.PRODUCTS, rng.randint(1, 3))]
        shop, day, total, tax = w.company(rng), f"{rng.randrange(2019, 2027)}-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}", f"{rng.randrange(20, 400)}.{rng.randrange(10, 99)}", f"{rng.randrange(1, 19)}.{rng.randrange(10, 99)}"
        gone = rng.random() < 0.15
        parts = [("shop", shop), ("date", day), ("rows", " ".join(rows)), ("tax", f"{rng.choice(('VAT', 'Tax', 'incl. VAT'))} {tax}"), ("total", f"{rng.choice(('TOTAL', 'Total:', 'Sum', 'Amount due', 'to pay'))} {total}"), ("cash", f"CASH {rng.randrange(400, 500)}.00")]
        parts = [p for p in parts if not (p[0] == want and gone) and (p[0] in (want, "rows", "total") or rng.random() < 0.6)]
        return rng.choice((" ", " | ", "\n")).join(text for _, text in parts), none if gone else {"total": total, "date": day, "shop": shop, "tax": tax}[want]

    tell = {"total": "the total amount as a plain number", "date": "the date as written", "shop": "the name of the shop", "tax": "the tax amount as a plain number"}[want]
    return text_function(rng, sample, ["the text of a receipt", "a receipt"], [f"[print|return|extract|get] {tell} [from the receipt|]", f"[find|read] {tell}"], [f"receipt -> {tell}"], [["{none} if [not there|missing]", "missing: {none}"]], none=none)


@family(TEXT)
def final_answer(rng: random.Random) -> Function:
    """The last result of a worked answer; a drawn lead may mark it."""

    def sample(rng: random.Random) -> Pair:
        a, b = rng.randrange(2, 30), rng.randrange(2, 30)
        kind, value = rng.choice((("sum", a + b), ("product", a * b), ("word", rng.choice(w.CITIES)), ("word", rng.choice(w.FRUIT))))
        work = {"sum": f"{a} plus {b} makes {a + b}", "product": f"{a} times {b} equals {a * b}", "word": f"I first thought of {rng.choice(w.CITIES)}, but that is wrong"}[kind]
        return rng.choice((f"{w.cap(work)}. The answer is {value}.", f"{w.cap(work)}, so the final answer is {value}.", f"The answer is {value}, because {work}." if kind != "word" else f"The answer is {value}. {w.cap(work)}.", f"{w.cap(work)}. Answer: {value}", f"Let's see. {w.cap(work)}. Therefore: {value}.")), str(value)

    return text_function(rng, sample, ["a worked answer", "the reply of a model"], ["extract the final answer", "[print|return|give] only the final answer", "[strip|drop] the explanation and keep the answer"], ["reply -> final answer", "final answer only"])


