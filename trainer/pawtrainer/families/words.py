# ruff: noqa: E501, SIM905 -- tables of wordings read better one entry a line
"""Natural-language material for task families: people, places, things, and noise for inputs."""

from __future__ import annotations

import random
import string

FIRST = tuple(
    "Anna Ben Carla David Elena Farid Grace Hassan Ines Jonas Kofi Lena Marco Nadia Omar Priya Quentin Rosa Sven Tara "
    "Umar Vera Wei Ximena Yuki Zoe Alice Bruno Chloe Dmitri Emma Felix Gina Hugo Ivan Julia Karim Lucy Mateo Nina "
    "Oscar Paula Ravi Sofia Tomas Ursula Victor Wendy Yara Adam Bianca Chen Diana Eric Fatima George Hana Isaac Jack "
    "Kate Liam Maria Noah Olivia Peter Rachel Sam Teresa Mia Ethan Aisha Daniel Laura Michael Sarah James Linda Robert "
    "Patricia John Jennifer William Karen Thomas Nancy Charles Lisa Joseph Betty Mark Helen Paul Sandra Kevin Donna "
    "Brian Carol Edward Ruth Ronald Sharon Anthony Michelle Andrew Amanda Joshua Melissa Steven Deborah".split()
)
LAST = tuple(
    "Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez Wilson Anderson "
    "Taylor Moore Jackson Martin Lee Perez Thompson White Harris Sanchez Clark Ramirez Lewis Robinson Walker Young Allen "
    "King Wright Scott Torres Nguyen Hill Flores Green Adams Nelson Baker Hall Rivera Campbell Mitchell Carter Roberts "
    "Berg Lindqvist Okafor Kowalski Novak Rossi Ferrari Bianchi Dubois Moreau Laurent Schmidt Fischer Weber Becker Wagner "
    "Hoffmann Keller Silva Santos Pereira Costa Almeida Tanaka Suzuki Sato Watanabe Kim Park Choi Singh Patel Sharma Gupta "
    "Khan Ahmed Hussain Ali Mensah Diallo Ortiz Vargas Castillo Mendoza Reyes Cruz Ivanov Petrov Sokolov Jensen Hansen "
    "Larsen Nilsson Eriksson Virtanen Murphy Kelly Walsh Byrne Haddad Cohen Levy Friedman Marsh Fletcher Doyle Osborne".split()
)
CITIES = (
    "Berlin", "Paris", "London", "Madrid", "Rome", "Vienna", "Prague", "Warsaw", "Lisbon", "Dublin", "Oslo", "Stockholm", "Helsinki", "Copenhagen",
    "Athens", "Budapest", "Brussels", "Amsterdam", "Zurich", "Geneva", "Milan", "Turin", "Naples", "Lyon", "Marseille", "Hamburg", "Munich", "Cologne",
    "Frankfurt", "Leipzig", "Dresden", "Barcelona", "Valencia", "Seville", "Porto", "Krakow", "Gdansk", "Tallinn", "Riga", "Vilnius", "Kyiv", "Istanbul",
    "Ankara", "Cairo", "Lagos", "Nairobi", "Accra", "Tunis", "Casablanca", "Cape Town", "Tokyo", "Osaka", "Kyoto", "Seoul", "Beijing", "Shanghai",
    "Singapore", "Bangkok", "Jakarta", "Manila", "Delhi", "Mumbai", "Chennai", "Sydney", "Melbourne", "Perth", "Auckland", "Toronto", "Montreal",
    "Vancouver", "Boston", "Chicago", "Denver", "Seattle", "Portland", "Austin", "Dallas", "Houston", "Atlanta", "Miami", "New York", "San Diego",
    "San Francisco", "Los Angeles", "Phoenix", "Detroit", "Mexico City", "Bogota", "Lima", "Quito", "Santiago", "Buenos Aires", "Montevideo", "Leeds",
    "Bristol", "Glasgow", "Edinburgh", "Cardiff", "Belfast", "Manchester", "Liverpool", "Sheffield", "Nottingham", "Southampton", "York", "Cork", "Ghent",
)
COUNTRIES = (
    "Germany", "France", "Spain", "Italy", "Portugal", "Austria", "Poland", "Norway", "Sweden", "Finland", "Denmark", "Greece", "Hungary", "Ireland",
    "Belgium", "Switzerland", "Turkey", "Egypt", "Nigeria", "Kenya", "Ghana", "Japan", "Korea", "China", "India", "Thailand", "Australia", "Canada",
    "Mexico", "Brazil", "Argentina", "Chile", "Peru", "Colombia", "Iceland", "Estonia", "Latvia", "Croatia", "Morocco", "Vietnam",
)
STREETS = tuple(
    "Oak Maple Cedar Elm Pine Park Lake Hill Mill Church Station River Bridge Garden School Market Castle Victoria King Queen "
    "Harbour Meadow Forest Spring Willow Chestnut Walnut Birch Rose Sunset Highland Grove Union Canal Abbey Orchard".split()
)
COMPANY_A = tuple(
    "Acme Globex Initech Umbra Northwind Contoso Vertex Bluebird Silverline Redwood Brightside Harbor Summit Lakeside Falcon Orion Nova Pioneer "
    "Evergreen Cobalt Ironclad Starlight Riverbend Oakridge Clearwater Horizon Granite Meridian Atlas Phoenix Zenith Quantum Apex Delta Sterling "
    "Kingfisher Larkspur Westgate Eastwood Northgate Greenfield Stonebridge Fairview Moonrise Sunfield Polar Tidewater Goldleaf Hawthorn".split()
)
COMPANY_B = tuple(
    "Logistics Foods Systems Software Energy Textiles Motors Labs Media Partners Insurance Bank Health Pharma Tools Design Travel Airlines "
    "Shipping Robotics Analytics Consulting Supplies Electronics Furniture Books Coffee Brewing Toys Optics Paper Steel Studios Networks".split()
)
SUFFIXES = ("Ltd", "Inc", "GmbH", "LLC", "Corp", "AG", "plc", "Co", "SA", "BV")
PRODUCTS = tuple(
    "laptop phone headphones keyboard mouse monitor printer tablet camera speaker charger router backpack jacket shoes boots kettle toaster "
    "blender vacuum lamp desk chair sofa mattress pillow blanket bicycle helmet tent rucksack watch bracelet wallet umbrella sunglasses suitcase "
    "drill hammer ladder hose grill fridge freezer oven dishwasher heater fan notebook pen stapler mug bottle thermos pan knife cutlery vase "
    "candle mirror rug curtain shelf wardrobe stroller puzzle doll guitar drum piano microphone tripod projector earbuds".split()
)
ADJECTIVES = tuple("small large blue red green black white wooden steel cheap new used foldable wireless portable heavy light silent vintage organic smart".split())
BRANDS = tuple("Nordik Velora Tasko Pellin Brixen Aurum Kestrel Mondo Zephyr Lumio Corvo Halden Orbix Sonara Fennel Trilby Vantor Quillon Marlo Jovi".split())
FRUIT = tuple("apple banana cherry grape lemon lime mango melon orange papaya peach pear pineapple plum raspberry strawberry kiwi apricot fig date".split())
GROUPS: dict[str, tuple[str, ...]] = {
    "fruit": FRUIT,
    "animal": tuple("dog cat horse cow sheep goat lion tiger bear wolf fox rabbit deer elephant giraffe zebra monkey camel otter badger mouse".split()),
    "bird": tuple("eagle sparrow robin owl crow pigeon swan parrot falcon heron gull stork penguin ostrich finch woodpecker".split()),
    "fish": tuple("salmon trout carp cod herring tuna pike eel shark sardine mackerel perch".split()),
    "vegetable": tuple("carrot potato onion cabbage spinach lettuce broccoli leek celery cucumber pumpkin beetroot turnip radish garlic pea".split()),
    "colour": tuple("red blue green yellow purple black white brown pink grey turquoise beige violet crimson".split()),
    "tool": tuple("hammer saw drill wrench screwdriver pliers chisel axe shovel rake spanner ladder".split()),
    "vehicle": tuple("car bus truck van motorcycle bicycle train tram ferry scooter tractor ambulance helicopter submarine".split()),
    "instrument": tuple("piano guitar violin flute drum trumpet cello harp clarinet saxophone banjo accordion".split()),
    "clothing": tuple("shirt jacket trousers skirt scarf gloves hat socks boots sweater coat dress belt".split()),
    "furniture": tuple("table chair sofa desk wardrobe bookshelf bed stool bench cupboard dresser armchair".split()),
    "job": tuple("teacher nurse plumber baker lawyer pilot farmer carpenter dentist chef electrician journalist surgeon tailor".split()),
    "country": COUNTRIES[:24],
    "city": CITIES[:30],
    "sport": tuple("football tennis basketball swimming rowing boxing hockey golf cycling skiing badminton volleyball cricket".split()),
    "drink": tuple("water coffee tea juice milk beer wine lemonade cocoa cider smoothie".split()),
    "tree": tuple("oak birch pine maple willow beech cedar elm spruce poplar chestnut".split()),
    "flower": tuple("rose tulip daisy lily orchid daffodil sunflower poppy violet iris carnation".split()),
    "kitchenware": tuple("pan pot spoon fork knife ladle kettle whisk bowl plate cup colander".split()),
    "weather": tuple("rain snow fog hail thunder drizzle storm sunshine frost wind sleet".split()),
    "metal": tuple("iron copper gold silver zinc nickel aluminium tin lead platinum".split()),
    "body part": tuple("arm leg knee elbow shoulder ankle wrist neck finger toe nose ear".split()),
    "language": ("English", "French", "German", "Spanish", "Italian", "Polish", "Dutch", "Japanese", "Arabic", "Turkish", "Greek", "Finnish"),
    "programming language": ("Python", "Rust", "Java", "Go", "Ruby", "Haskell", "Kotlin", "Perl", "Swift", "Scala", "C++", "JavaScript"),
}
DEPARTMENTS = ("sales", "support", "finance", "legal", "marketing", "HR", "IT", "logistics", "facilities", "research", "security", "purchasing")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
DOMAINS = ("example.com", "mail.org", "acme.io", "northwind.net", "post.de", "inbox.eu", "corp.example", "uni.edu", "shop.co.uk", "lakeside.org", "webmail.fr", "startup.dev")
FIELDS = tuple(
    "name email phone city country price qty status color size date id sku title author year team role amount currency weight active note "
    "order_id customer total unit owner priority stock category brand language age score level room guests due paid zip street".split()
)
FILLER = (
    "the meeting starts at noon", "we need more paper for the printer", "the garden looks lovely in spring", "she walked the dog before breakfast",
    "the report is on your desk", "traffic was slow near the bridge", "they painted the kitchen last week", "the shop opens at nine", "our train left early",
    "he forgot the keys in the car", "the new office has big windows", "lunch is in the fridge", "the concert was moved to Sunday", "nobody answered the phone",
    "the children built a hut", "it rained all afternoon", "the map hangs on the wall", "a parcel arrived this morning", "the bakery sold out of rye bread",
    "the lift is being repaired", "two chairs are missing", "the invoice is attached", "we watched an old film", "the museum is free on Mondays",
    "her brother plays the cello", "the team won by two points", "I left my umbrella on the bus", "the lake was frozen", "please water the plants",
    "the library closes at six", "my neighbour grows tomatoes", "the bus was full", "they moved to a smaller flat", "the soup needs more salt",
    "the printer on floor two is out of toner", "we planted three apple trees", "his flight lands at eight", "the lamp in the hall is broken",
    "the plumber comes on Thursday", "a fox crossed the road", "the choir meets in the old school", "she is learning Portuguese", "the ferry takes forty minutes",
    "we ran out of coffee", "the key is under the mat", "he repairs bicycles at weekends", "the market was crowded", "the tickets cost more this year",
)
NEIGHBOUR = {a: b for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm") for a, b in zip(row, row[1:] + row[-2], strict=True)}


def typo_word(rng: random.Random, word: str) -> str:
    """One slip in a word: swap, drop, double, neighbour key or wrong vowel; the first letter stays."""
    if len(word) < 3:
        return word
    at = rng.randrange(1, len(word) - 1) if len(word) > 3 else 1
    how = rng.randrange(5)
    if how == 0 and word[at] != word[at + 1]:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if how == 1:
        return word[:at] + word[at + 1 :]
    if how == 2:
        return word[:at] + word[at] + word[at:]
    if how == 3:
        return word[:at] + NEIGHBOUR.get(word[at], word[at] * 2) + word[at + 1 :]
    if word[at] in "aeiou":
        return word[:at] + rng.choice([v for v in "aeiou" if v != word[at]]) + word[at + 1 :]
    return word[:at] + word[at] + word[at:]


def typo(rng: random.Random, text: str, rate: float) -> str:
    """Slip in a share of the plain words of four letters or more."""
    words = text.split(" ")
    for at, word in enumerate(words):
        if len(word) >= 4 and word.isalpha() and rng.random() < rate:
            words[at] = typo_word(rng, word)
    return " ".join(words)


def slips(rng: random.Random, text: str, count: int) -> str:
    """Exactly `count` attempts of a slip in words of three letters or more."""
    words = text.split(" ")
    places = [at for at, word in enumerate(words) if len(word) > 2 and word.isalpha()]
    for _ in range(count):
        if places:
            at = rng.choice(places)
            words[at] = typo_word(rng, words[at])
    return " ".join(words)


def cap(text: str) -> str:
    return text[:1].upper() + text[1:]


def chat(rng: random.Random, text: str, noise: float = 0.35) -> str:
    """Write a sentence as people type: sometimes lower case, no stop, doubled marks, slips, short forms."""
    if rng.random() > noise:
        return text
    how = rng.randrange(6)
    if how == 0:
        return text.lower()
    if how == 1:
        return text.lower().rstrip(".").replace("'", "")
    if how == 2:
        return typo(rng, text, 0.15)
    if how == 3:
        return text.rstrip(".") + rng.choice(("!", "!!", "...", " :)", "", " ok", " thx")) if text.endswith(".") else text
    if how == 4:
        return text.upper() if len(text) < 60 and rng.random() < 0.4 else text.lower().replace(" you ", " u ").replace("please", "pls").replace(" are ", " r ")
    return typo(rng, text.lower(), 0.08)


def person(rng: random.Random) -> str:
    return f"{rng.choice(FIRST)} {rng.choice(LAST)}"


def company(rng: random.Random) -> str:
    return f"{rng.choice(COMPANY_A)} {rng.choice(COMPANY_B)}"


def email(rng: random.Random, name: str | None = None) -> str:
    first, last = (name or person(rng)).lower().split(" ", 1)
    last = last.replace(" ", "")
    user = rng.choice((f"{first}.{last}", f"{first[0]}{last}", first, f"{first}_{last}", f"{last}.{first}", f"{first}{rng.randrange(10, 99)}"))
    return f"{user}@{rng.choice(DOMAINS)}"


def phone(rng: random.Random) -> str:
    n = "".join(rng.choice(string.digits) for _ in range(7))
    area = str(rng.randrange(201, 989))
    return rng.choice((f"({area}) {n[:3]}-{n[3:]}", f"{area}-{n[:3]}-{n[3:]}", f"+1 {area} {n[:3]} {n[3:]}", f"0{area} {n}", f"+44 20 {n[:4]} {n[3:]}", f"{area}.{n[:3]}.{n[3:]}"))


def address(rng: random.Random) -> str:
    return f"{rng.randrange(1, 220)} {rng.choice(STREETS)} {rng.choice(('Street', 'Road', 'Lane', 'Avenue', 'Drive'))}"


def code(rng: random.Random) -> str:
    """An order, ticket or part number in one of many shapes."""
    letters = "".join(rng.choice("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(3))
    n = rng.randrange(100, 99999)
    return rng.choice((f"{letters}-{n}", f"{letters[:2]}{n}", f"#{n}", f"{letters[:1]}-{n}", f"{n}-{letters[:2]}", f"{letters}{n % 1000:03d}"))


def filler(rng: random.Random) -> str:
    """A harmless sentence with its stop."""
    return cap(rng.choice(FILLER)) + "."

# ---------------------------------------------------------------------------------------------------------
# opinions: per domain, aspects with praising and complaining predicates ("the bed" + "was heavenly")

OPINIONS: dict[str, dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "hotel": {
        "bed": (("was like a cloud", "was the best I ever slept in", "was comfy and clean"), ("was hard as a plank", "squeaked all night", "had stained sheets")),
        "staff": (("were lovely and helpful", "went out of their way for us", "greeted us by name"), ("were rude", "ignored us at the desk", "could not care less")),
        "breakfast": (("was plentiful and fresh", "was a feast", "was worth getting up for"), ("was cold and tasteless", "ran out by nine", "was stale rolls and weak coffee")),
        "location": (("could not be better", "is two steps from the beach", "is perfect for sightseeing"), ("is in the middle of nowhere", "is next to a motorway", "felt unsafe at night")),
        "room": (("was spotless", "was bright and spacious", "had a wonderful view"), ("smelled of smoke", "was tiny and dark", "had mould in the shower")),
        "wifi": (("was fast", "worked everywhere"), ("kept dropping", "was useless", "cost extra and never worked")),
    },
    "restaurant": {
        "food": (("was delicious", "was full of flavour", "was cooked to perfection"), ("was bland", "arrived cold", "was overcooked and greasy")),
        "service": (("was quick and friendly", "was outstanding", "made us feel at home"), ("was painfully slow", "was careless", "was arrogant")),
        "dessert": (("was divine", "melted in the mouth", "was the highlight"), ("tasted of the freezer", "was a sticky mess", "was far too sweet")),
        "price": (("was fair", "was a bargain for this quality"), ("was a rip-off", "was outrageous for such small portions")),
        "music": (("was charming", "set a lovely mood"), ("was deafening", "gave me a headache")),
        "wine": (("was excellent", "matched every dish"), ("tasted like vinegar", "was served warm")),
    },
    "phone": {
        "battery": (("lasts two days easily", "charges in no time", "just keeps going"), ("dies by lunchtime", "drains overnight", "swelled up after a month")),
        "camera": (("takes stunning photos", "is brilliant in low light"), ("is blurry", "takes grainy pictures", "stopped focusing")),
        "screen": (("is gorgeous", "is bright and sharp"), ("cracked in a week", "flickers", "is dim outdoors")),
        "sound": (("is rich and loud", "is crystal clear"), ("crackles", "is tinny", "cuts out during calls")),
        "price": (("is great value", "is hard to beat"), ("is way too high", "is a joke for what you get")),
        "software": (("is smooth", "never lags"), ("crashes daily", "is full of ads", "freezes all the time")),
    },
    "film": {
        "plot": (("kept me on the edge of my seat", "was clever and moving"), ("made no sense", "dragged on for ages", "was utterly predictable")),
        "acting": (("was superb", "moved me to tears"), ("was wooden", "was laughable")),
        "music": (("is unforgettable", "lifts every scene"), ("is annoying", "drowns out the dialogue")),
        "ending": (("was a brilliant surprise", "was deeply satisfying"), ("was a letdown", "ruined everything")),
        "effects": (("look breathtaking", "are stunning"), ("look cheap", "are embarrassingly bad")),
    },
    "course": {
        "teacher": (("explains everything clearly", "was inspiring", "answers every question patiently"), ("mumbles", "read from the slides", "never answered my questions")),
        "material": (("is well structured", "is up to date and useful"), ("is outdated", "is full of mistakes")),
        "pace": (("was just right", "suited me well"), ("was far too fast", "was so slow that I fell asleep")),
        "exercises": (("were fun and practical", "really made it stick"), ("were pointless", "had nothing to do with the topic")),
    },
    "parcel": {
        "delivery": (("was super fast", "came a day early", "was right on time"), ("took three weeks", "was left in the rain", "never arrived")),
        "packaging": (("was sturdy and neat", "was lovely"), ("was torn", "was crushed", "was an absurd amount of plastic")),
        "quality": (("is excellent", "exceeded my expectations"), ("is shoddy", "is poor", "is nothing like the photo")),
        "support": (("replied within minutes", "solved it at once"), ("never wrote back", "was no help at all")),
    },
    "app": {
        "interface": (("is clean and simple", "is a joy to use"), ("is confusing", "is cluttered and ugly")),
        "update": (("fixed everything", "made it so much faster"), ("broke the login", "made it slower", "deleted my data")),
        "login": (("works with one tap", "is quick and painless"), ("fails every time", "asks for a code that never comes")),
        "sync": (("is flawless", "works across all my devices"), ("loses my notes", "hangs forever")),
    },
}
PRAISE = (
    "Absolutely love it.", "Best purchase this year.", "I would recommend it to anyone.", "We had a wonderful time.", "Five stars from me.", "Exceeded all my hopes.", "Worth every penny.",
    "I could not be happier.", "Will definitely come back.", "Simply fantastic.", "What a pleasant surprise.", "Works like a charm.", "A real gem.", "Such a delight.", "Everything was great.",
    "My kids adore it.", "I am impressed.", "Not a single complaint.", "No problems at all, very happy.", "Top notch.", "It made my day.", "Really well done.", "Hands down the best.",
    "Can't fault it.", "I was sceptical at first but now I'm a fan.", "Would buy again in a heartbeat.", "Thank you for this brilliant experience.", "Superb from start to finish.",
)
COMPLAINT = (
    "What a waste of money.", "I want a refund.", "Never again.", "Total disappointment.", "Broke after two days.", "I regret buying it.", "Avoid at all costs.", "Worst experience ever.",
    "It ruined our holiday.", "One star is too much.", "Not worth the money.", "I am very unhappy.", "It was a nightmare.", "Nothing worked.", "Don't bother.", "Terrible from start to finish.",
    "I expected so much more.", "This is a scam.", "We left angry.", "Horrible.", "Save your money.", "It went straight into the bin.", "Not good at all.", "I was let down badly.",
    "Everything that could go wrong did.", "I would not recommend it to anyone.", "So frustrating.", "Awful quality.", "They lied about everything.", "Hugely overrated.",
)
GOOD_WORDS = tuple(
    "great excellent amazing wonderful fantastic lovely superb brilliant perfect awesome delightful charming outstanding impressive pleasant beautiful enjoyable "
    "terrific marvellous splendid flawless gorgeous stunning fun helpful reliable sturdy comfortable elegant fresh inspiring magical heartwarming satisfying top-notch "
    "incredible remarkable exquisite spotless smooth clever handy generous cosy stylish thrilling hilarious touching memorable adorable first-class".split()
)
BAD_WORDS = tuple(
    "terrible awful horrible bad disappointing poor dreadful disgusting useless boring ugly rude dirty broken annoying frustrating mediocre lousy pathetic ridiculous "
    "overpriced unreliable flimsy uncomfortable bland stale dull tedious painful miserable appalling shoddy worthless unacceptable sloppy noisy depressing confusing clumsy "
    "tasteless unbearable inferior laughable defective hopeless atrocious nasty sticky faulty embarrassing unfair".split()
)
THINGS = tuple("book movie song album hotel meal dinner pizza service staff game show concert trip tour phone laptop camera jacket dress shoes bag chair lamp app website update course lecture party haircut gift car bike museum park beach flight train soup burger cake coffee".split())
PLAIN_FACTS = (
    "I bought it last week.", "It arrived on Tuesday.", "We stayed for two nights.", "It comes in three colours.", "I ordered it for my sister.", "The box holds twelve pieces.", "It is made in Portugal.",
    "I have used it for a month.", "We visited in October.", "It has a red cover.", "There are four seats.", "My brother owns the same one.", "I paid by card.", "It opens at ten.",
    "The manual is in English and German.", "It weighs about two kilos.", "We came by train.", "It is the second version.", "The receipt is attached.", "It runs on two batteries.",
    "There is a car park behind the house.", "I saw it on Friday evening.", "It was released in spring.", "The course has ten lessons.",
)


def opinion(rng: random.Random, good: bool, domain: str | None = None, aspect: str | None = None) -> str:
    """One sentence that praises (or faults) one aspect of a domain."""
    table = OPINIONS[domain or rng.choice(list(OPINIONS))]
    about = aspect or rng.choice(list(table))
    said = rng.choice(table[about][0 if good else 1])
    lead = rng.choice(("The", "The", "The", "Our", "I must say the", "Honestly, the", "And the", "To be fair, the", "For me the"))
    return f"{lead} {about} {said}."


def remark(rng: random.Random, good: bool) -> str:
    """A short remark built of one strong word, sometimes negated ("not bad at all", "far from perfect")."""
    thing, word, other = rng.choice(THINGS), rng.choice(GOOD_WORDS if good else BAD_WORDS), rng.choice(BAD_WORDS if good else GOOD_WORDS)
    verb = "were" if thing in ("staff", "shoes") else "was"
    an = "an" if word[0] in "aeiou" else "a"
    text = rng.choice((
        f"the {thing} {verb} {word}", f"{word} {thing}", f"what {an} {word} {thing}", f"such {an} {word} {thing}", f"I found the {thing} {word}", f"really {word}", f"so {word}!", f"{word}, just {word}", f"the {thing} {verb} {word} and {rng.choice(GOOD_WORDS if good else BAD_WORDS)}",
        f"my friends said the {thing} would be {other}, but it {verb} {word}", f"this has to be the most {word} {thing} in {rng.choice(CITIES)}", f"{rng.choice(FIRST)} and I thought the {thing} {verb} {word}", f"one word for this {thing}: {word}",
        f"the {thing} {verb} not {other} at all", f"the {thing} {verb} anything but {other}", f"I {'love' if good else 'hate'} this {thing}", f"{'loved' if good else 'hated'} every minute of the {thing}", f"we {'enjoyed' if good else 'regretted'} the {thing}",
    ))
    return cap(text) + rng.choice((".", ".", "!", ""))


def review(rng: random.Random, mood: str, domain: str | None = None) -> str:
    """A short review: mood is good, bad, mixed (both, about equally) or flat (facts only)."""
    loose = domain is None
    domain = domain or rng.choice(list(OPINIONS))
    if mood == "flat":
        return " ".join(rng.sample(PLAIN_FACTS, rng.choice((1, 1, 2))))
    if mood == "mixed":
        one, two = rng.sample(list(OPINIONS[domain]), 2)
        a, b = rng.choice(OPINIONS[domain][one][0]), rng.choice(OPINIONS[domain][two][1])
        first, second = (f"the {one} {a}", f"the {two} {b}")
        if rng.random() < 0.5:
            first, second = second, first
        return cap(f"{first}{rng.choice((', but ', ' but ', '. However, ', ', although ', '. On the other hand ', '; sadly ' if second.endswith(b) else '; luckily '))}{second}.")
    good = mood == "good"
    if loose and rng.random() < 0.4:
        return remark(rng, good)
    pool = PRAISE if good else COMPLAINT
    how = rng.randrange(5)
    if how == 0:
        return rng.choice(pool)
    if how == 1:
        return opinion(rng, good, domain)
    if how == 2:
        return f"{opinion(rng, good, domain)} {rng.choice(pool)}"
    if how == 3:
        return f"{rng.choice(PLAIN_FACTS)} {rng.choice((opinion(rng, good, domain), rng.choice(pool)))}"
    one, two = rng.sample(list(OPINIONS[domain]), 2)
    side = 0 if good else 1
    return cap(f"the {one} {rng.choice(OPINIONS[domain][one][side])} and the {two} {rng.choice(OPINIONS[domain][two][side])}.")
