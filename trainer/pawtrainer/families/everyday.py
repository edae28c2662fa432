# ruff: noqa: E501 -- tables of wordings read better one entry a line
"""The classifiers that people try first: mail and notification filters, issue types, churn, clickbait, code or prose, ..."""

from __future__ import annotations

import random

from pawtrainer.families import sentences as s
from pawtrainer.families import words as w
from pawtrainer.families.base import Function, Pair, family
from pawtrainer.families.extract import FRAMES, HOLDS, fill_frame
from pawtrainer.families.intents import bank_label
from pawtrainer.families.phrasing import kind, label_function, text_function

TEXT, WEB, SAFETY = "core-text", "web-and-intent", "safety-and-verification"

CLICKBAIT: dict[str, tuple[str, ...]] = {
    "bait": ("You won't believe what this {job} found in {city}", "{n} tricks that {company} doesn't want you to know", "This {animal} did WHAT?", "Doctors hate her: one weird {fruit} trick", "What happened next will [shock|amaze] you", "She opened the {product} and couldn't stop crying", "The real reason why {first} {last} left {city} will surprise you", "Only {n} percent of people can solve this puzzle", "I tried {drink} for {n} days and this is what happened", "{n} photos of {city} that will leave you speechless"),
    "news": ("{company} reports {n} percent higher sales", "Parliament passes law on [rents|data protection]", "{city} opens new tram line", "Court sentences former {company} manager to {n} months", "Storm damages {big} homes in {country}", "{team} beat {team} in [cup|league] match", "Central bank leaves rates unchanged", "{first} {last} elected mayor of {city}", "Strike stops trains in {country} on {day}", "Museum in {city} returns paintings"),
}
ISSUES: dict[str, tuple[str, ...]] = {
    "bug": ("Crash when I open a file over {n} MB", "Wrong total shown after the update", "Login button does nothing on mobile", "TypeError in export since version {n}", "Text overlaps the {product} picture", "App freezes after {n} minutes", "Search returns the same hit twice", "Segfault on start under Linux", "Dates are off by one day", "Memory grows until the process is killed"),
    "feature": ("Please add a dark mode", "It would be nice to sort by price", "Support for {product} import", "Allow several accounts per user", "Add export to PDF", "Can we have keyboard shortcuts for this?", "Option to hide the side bar", "Request: translate the menu into {n} languages", "Let users choose their own colours"),
    "question": ("How do I change the port?", "Is Python 3.{n} supported?", "Where is the config file stored?", "What does the flag --strict do?", "Can I use this with {brand}?", "Which licence does it have?", "How can I run the tests?", "Why are there two settings files?"),
    "docs": ("Typo in the README", "The install guide misses a step", "Broken link on the help page", "Example in chapter {n} doesn't match the text", "Please explain the options in the manual", "Spelling mistake in the tutorial"),
}
CHURN: dict[str, tuple[str, ...]] = {
    "leave": ("Please cancel my contract at the end of {month}.", "I'm switching to {company}.", "I won't renew my plan.", "Close my account, I've had enough.", "How do I terminate the membership?", "We decided to go with another supplier.", "This was my last order with you.", "I'd like to end the subscription."),
    "stay": ("Can I upgrade to the bigger plan?", "Thanks for the quick fix, see you next month.", "Please add {n} more users to our contract.", "Where can I download the invoice?", "I love the new {product} page.", "How do I change my password?", "Renew my plan for another year, please.", "We'd like to order {n} more {product}s.", "Please don't cancel my order, I'll wait."),
}
REFUND: dict[str, tuple[str, ...]] = {
    "yes": ("The {product} never arrived, I want my money back.", "Please refund the {n} euros.", "Return the payment to my card.", "I was charged twice, give me back the second payment.", "This broke on day one, refund please.", "I expect a full refund by {day}."),
    "no": ("Please send me a new {product} instead of the broken one.", "Where is my parcel?", "Can I exchange the {product} for a {adj} one?", "I'd like to order {n} more.", "Does the {product} come with a cable?", "The refund arrived today, thank you.", "How do I clean the {product}?", "Please change my address."),
}
TODO: dict[str, tuple[str, ...]] = {
    "todo": ("{first} sends the quote to {company} by {day}.", "{first} to check the {product} order.", "Action: book a room in {city} ({first}).", "We still have to call {company}.", "{first} will prepare the slides for {day}.", "Please update the price list before {month}.", "Someone must water the plants.", "TODO ask {first} about the invoice.", "{first} fixes the door until {day}."),
    "info": ("Sales in {month} were {n} percent up.", "{first} was on holiday last week.", "The office in {city} has {n} desks.", "We talked about the new {product}.", "{company} is our oldest customer.", "The budget was approved in {month}.", "Everyone liked the {drink}.", "The meeting ended at {time}."),
}
NEEDS_REPLY: dict[str, tuple[str, ...]] = {
    "yes": ("Are you free for a call on {day} at {time}?", "Could you tell me the price of the {product}?", "Which colour do you prefer? Please let me know.", "Can you confirm the booking for {n} people?", "Please reply by {day} so we can order.", "Do you want {drink} or {drink} at the party?", "What is your address, {first}?"),
    "no": ("Just to inform you that the office is closed on {day}.", "Thanks, got it!", "Your order {big} was shipped. This is an automatic message.", "Newsletter {month}: {n} new {product}s in our shop.", "No answer needed, the {product} arrived.", "Here is your receipt for {n} euros.", "FYI: {first} is out of office until {day}."),
}
MAIL_KINDS: dict[str, tuple[str, ...]] = {
    "newsletter": ("Our {month} news: {n} recipes with {fruit}", "This week in {city}: concerts and markets. Unsubscribe here", "The {company} monthly: trends and tips", "{n} reads for your weekend, curated by {first}", "Spring sale starts now, up to {n} percent off"),
    "receipt": ("Thank you for your purchase: {product}, {n} EUR", "Your receipt from {company}, total {n}.00", "Invoice {big} paid by card", "Order confirmation {big}: {n} x {product}", "Payment of {n} euros received"),
    "personal": ("Hey {first}, still up for {sport} on {day}?", "Dear grandma, we arrived in {city}", "Mum, can you pick me up at {time}?", "Happy birthday {first}, lots of love", "Long time no see! How are the kids?"),
    "notification": ("New login to your account from {city}", "{first} commented on your photo", "Your password expires in {n} days", "Backup finished at {time}", "Reminder: dentist on {day} at {time}", "Your parcel is out for delivery"),
    "invitation": ("You are invited to our wedding on {day}", "Join us for a {drink} tasting in {city}", "Invitation: opening of the {company} store", "Save the date: party at {first}'s, {day} {time}", "Please come to my birthday on {day}"),
    "job": ("We saw your profile and look for a {job} in {city}", "Your application as {job} was received", "Open position: {job}, {company}", "Interview on {day} at {time} for the {job} post"),
}
NOTIFY: dict[str, tuple[str, ...]] = {
    "buzz": ("Mum: I'm at the door, open please", "Fraud alert: {big} euros spent in {country}", "Your flight gate changed to {n}", "Smoke detected in the kitchen", "{first}: call me now, it's urgent", "Your taxi has arrived", "Alarm: front door opened at home", "Meeting with {company} starts in 5 minutes"),
    "skip": ("{brand} has {n} new deals for you", "Someone you may know: {first} {last}", "Rate our app!", "Your weekly screen time is down {n} percent", "{n} people liked a post about {animal}s", "Try the new level of Candy {brand}", "Weather tomorrow: mild", "We updated our terms of use"),
}
EXPENSES: dict[str, tuple[str, ...]] = {
    "travel": ("TRAIN TICKET {city}-{city}", "{city} AIRPORT TAXI", "Hotel {city} {n} nights", "Flight {big} to {city}", "Car rental {brand}, {n} days"), "meals": ("RESTAURANT {city} lunch {n} people", "Cafe {brand}: {drink} and cake", "Pizza for the team", "Business dinner with {company}", "Canteen {n} meals"),
    "office": ("Printer paper {n} packs", "{n} pens and notebooks", "Desk lamp", "Toner cartridge", "Office chair {brand}"), "software": ("{brand} cloud licence monthly", "Domain renewal {brand}.com", "Antivirus {n} seats", "Subscription {brand} editor", "Web hosting {month}"),
    "utilities": ("Electricity {month}", "Water bill {month}", "Gas supplier payment", "Internet line {month}", "Heating {month}"), "insurance": ("Liability insurance {n} EUR", "Car insurance {month}", "Health insurance premium", "Insurance policy {big}"),
    "rent": ("Office rent {month}", "Lease {city} floor {n}", "Parking space rent", "Storage room rent {month}"), "training": ("Course fee {n} EUR", "Workshop ticket {city}", "Language class {month}", "Books for the seminar"),
}
GOODS: dict[str, tuple[str, ...]] = {
    "electronics": ("USB-C charger 65W, {n} ports", "Wireless headphones {brand} {n}h battery", "4K monitor {n} inch", "{brand} laptop 16 GB", "Bluetooth speaker {adj}"), "clothing": ("Men's shirt cotton size L", "Wool scarf {adj}", "Running socks {n} pairs", "Winter jacket with hood", "{brand} jeans slim"),
    "grocery": ("{fruit} jam 340 g", "Whole milk 1 l", "Rye bread sliced", "{n} eggs free range", "Spaghetti 500 g"), "home": ("Curtain {adj} {n} cm", "Candle holder brass", "Bath towel set", "Sofa cushion {adj}", "Wall clock {brand}"),
    "toys": ("Wooden puzzle {n} pieces", "Teddy bear {n} cm", "Toy train with rails", "Doll house {adj}", "Building bricks {big} pieces"), "sports": ("Tennis racket {brand}", "Yoga mat {n} mm", "Football size 5", "Dumbbells {n} kg", "Swimming goggles"),
    "garden": ("Rose bush {adj}", "Garden hose {n} m", "Lawn mower {brand}", "Flower pot clay", "Bird feeder {adj}"), "books": ("Novel paperback {big} pages", "Cookbook with {n} recipes", "Travel guide {city}", "Children's picture book", "Dictionary English-German"),
    "tools": ("Cordless drill {brand} 18V", "Hammer {n} oz", "Screwdriver set {n} pieces", "Spirit level {n} cm", "Tape measure 5 m"), "pets": ("Dog food {n} kg", "Cat litter {n} l", "Leash for puppies", "Fish tank {n} l", "Hamster wheel"),
}
GRADES: dict[str, tuple[str, ...]] = {
    "intern": ("{dept} internship, {n} weeks, students welcome", "Summer intern {dept}", "Student trainee wanted, {city}"), "junior": ("Junior {job}, no experience needed", "Graduate position in {dept}, first job", "Entry level {job}, we train you"),
    "senior": ("Senior {job} with 8 years of experience", "Experienced {job}, at least 6 years in the field", "Principal engineer, deep expertise"), "lead": ("Team lead {dept}, {n} reports", "Head of {dept} in {city}", "Manager for a team of {n} people", "Director {dept}"),
}
CODE_LINES = ("for (int i = 0; i < {n}; i++) sum += a[i];", "def total(x): return sum(x) * {n}", "if user is None: return", "SELECT name FROM {product}s WHERE id = {n};", "import os, sys", "const {first} = await load('{product}');", "echo $HOME && ls -l", "x = [y**2 for y in range({n})]", "return a ? b : {n};", "#include <stdio.h>", "<div class=\"{product}\">{n}</div>", "fn main() { println!(\"{product}\"); }", "try { run(); } catch (e) { log(e); }", "git push origin main")
PERSONAL = {"email", "phone", "person"}


def _two(bank: dict[str, tuple[str, ...]], rng: random.Random, things: list[str], asks: list[str], first: tuple[str, str, tuple[str, ...]], second: tuple[str, str, tuple[str, ...]], questions: list[str], noise: float = 0.25) -> Function:
    """A two-class function over a bank: (key, names, meanings) for yes and no."""
    kinds = [kind(first[0], first[1], *first[2]), kind(second[0], second[1], *second[2])]
    return label_function(rng, things, asks, kinds, lambda r, key: w.chat(r, s.write(r, bank[key]), noise), questions=questions if rng.random() < 0.7 else ())


@family(TEXT)
def clickbait(rng: random.Random) -> Function:
    return _two(CLICKBAIT, rng, ["headline", "title"], ["the kind of headline", "how the headline works"], ("bait", "clickbait yes bait click", ("clickbait", "a headline that teases and hides the point", "sensational teasing")), ("news", "news no serious report", ("a plain news headline", "a headline that tells what happened", "ordinary news")), ["clickbait", "is this clickbait", "is the headline a tease"], 0.1)


@family(WEB)
def issue_type(rng: random.Random) -> Function:
    kinds = [kind("bug", "bug defect error", "something that is broken", "a bug report", "wrong behaviour"), kind("feature", "feature enhancement wish", "a wish for something new", "a feature request", "something to add"), kind("question", "question support help", "a question", "someone who asks how it works"), kind("docs", "docs documentation doc", "mistakes or gaps in the documentation", "a problem of the manual")]
    return bank_label(rng, ISSUES, kinds, ["issue", "GitHub issue", "issue title"], ["the issue type", "the label of the issue", "the kind of issue"], 2, 4, 0.15, 0.3)


@family(TEXT)
def churn(rng: random.Random) -> Function:
    return _two(CHURN, rng, ["customer message", "message", "mail"], ["whether the customer leaves", "the risk of losing the customer"], ("leave", "leaving yes churn goes", ("someone who cancels or goes to another firm", "a customer who quits", "the end of the contract")), ("stay", "stays no loyal remains", ("a customer who stays", "all other messages", "any other message")), ["will this customer leave", "does the customer quit", "is the customer cancelling"])


@family(WEB)
def wants_refund(rng: random.Random) -> Function:
    return _two(REFUND, rng, ["customer message", "message"], ["whether a refund is wanted", "if the customer asks for money back"], ("yes", "yes refund true money", ("someone who wants money back", "a demand for a refund")), ("no", "no other false none", ("any other message", "everything else", "all other matters")), ["does the customer want a refund", "refund wanted", "is money to be paid back"])


@family(TEXT)
def todo_or_info(rng: random.Random) -> Function:
    return _two(TODO, rng, ["note", "line of meeting notes", "sentence"], ["whether it is a task", "the kind of note"], ("todo", "todo task action yes", ("a task for someone", "something to do", "an open task")), ("info", "info fact note no", ("mere information", "nothing to do", "information without a task")), ["is there a task in it", "is this a task", "does someone have to do something"])


@family(WEB)
def needs_reply(rng: random.Random) -> Function:
    return _two(NEEDS_REPLY, rng, ["email", "mail", "message"], ["whether an answer is expected", "if it needs a reply"], ("yes", "yes reply answer respond", ("a mail that asks for an answer", "a question to the reader", "someone waits for a reply")), ("no", "no ignore archive skip", ("a mail that needs no answer", "mere information", "nothing to answer")), ["does this email need a reply", "is an answer expected", "needs a reply", "must I answer"])


@family(WEB)
def mail_kind(rng: random.Random) -> Function:
    kinds = [kind("newsletter", "newsletter news bulk", "newsletters and advertising", "mass mail with news or offers"), kind("receipt", "receipt invoice purchase", "receipts and payments", "proof of a purchase"), kind("personal", "personal private friends", "personal mail", "mail from friends and family"), kind("notification", "notification alert automatic", "automatic notifications", "messages of a system"), kind("invitation", "invitation invite event", "invitations", "an invitation to an event"), kind("job", "job career recruiting", "jobs and applications", "mail about a job")]
    return bank_label(rng, MAIL_KINDS, kinds, ["mail", "email", "mail subject"], ["the kind of mail", "the folder", "the mail category"], 2, 5, 0.15)


@family(WEB)
def notification_filter(rng: random.Random) -> Function:
    return _two(NOTIFY, rng, ["notification", "phone notification", "push message"], ["whether it is worth an alert", "if the phone should buzz"], ("buzz", "notify yes buzz show", ("something important for the user right now", "worth buzzing for", "urgent or personal matters")), ("skip", "skip no mute hide", ("advertising and trivia", "not worth a buzz", "unimportant stuff")), ["is it worth buzzing for", "should the phone buzz", "important right now"], 0.1)


@family(WEB)
def expense_category(rng: random.Random) -> Function:
    kinds = [kind(key, names, *means) for key, names, means in (("travel", "travel trips", ("journeys and hotels", "travel costs")), ("meals", "meals food", ("restaurants and food", "eating out")), ("office", "office supplies", ("things for the office", "paper, pens and furniture")), ("software", "software IT", ("licences, hosting and subscriptions", "software")), ("utilities", "utilities energy", ("power, water, gas and internet", "utility bills")), ("insurance", "insurance cover", ("insurances", "insurance premiums")), ("rent", "rent lease", ("rents", "rooms and parking")), ("training", "training education", ("courses and books", "learning")))]
    return bank_label(rng, EXPENSES, kinds, ["expense", "bank line", "receipt line"], ["the expense category", "the cost type", "the account to book it on"], 2, 6, 0.15)


@family(WEB)
def goods_category(rng: random.Random) -> Function:
    kinds = [kind(key, f"{key} {key}_dept", *means) for key, *means in (("electronics", "electric and electronic devices", "electronics"), ("clothing", "things to wear", "clothing"), ("grocery", "food and drink", "groceries"), ("home", "things for the home", "furnishings"), ("toys", "toys", "things for children to play with"), ("sports", "sports gear", "things for sport"), ("garden", "things for the garden", "plants and garden tools"), ("books", "books", "things to read"), ("tools", "tools", "things for the workshop"), ("pets", "things for animals", "pet supplies"))]
    return bank_label(rng, GOODS, kinds, ["product title", "product", "article"], ["the product category", "the shop category", "the department"], 2, 7, 0.15)


@family(WEB)
def job_level(rng: random.Random) -> Function:
    kinds = [kind("intern", "intern trainee student", "internships", "students and interns"), kind("junior", "junior entry beginner", "beginners", "people without experience"), kind("senior", "senior expert experienced", "long experience", "experts without a team to lead"), kind("lead", "lead manager head", "people who lead a team", "managers")]
    return bank_label(rng, GRADES, kinds, ["job ad", "vacancy", "job title"], ["the level of the job", "the seniority", "the career level"], 2, 4, 0.1, 0.2)


@family(TEXT)
def code_or_prose(rng: random.Random) -> Function:
    kinds = [kind("code", "code program source yes", "program code", "a line of code", "source code"), kind("prose", "prose text language no", "ordinary language", "a sentence", "human language")]
    return label_function(rng, ["text", "line"], ["whether it is code", "the nature of the text"], kinds, lambda r, key: s.write(r, [x.replace("[", "\x02").replace("]", "\x03").replace("|", "\x04") for x in CODE_LINES]).translate({2: "[", 3: "]", 4: "|"}) if key == "code" else r.choice(w.FILLER), questions=["is it code", "code", "is the text program code"] if rng.random() < 0.5 else ())


@family(SAFETY)
def private_data(rng: random.Random) -> Function:
    """Names alone count or not, as the spec says; mails and phones always count."""
    names = rng.random() < 0.5
    private = {"email", "phone"} | ({"person"} if names else set())
    have = [f for f in FRAMES if private & set(HOLDS[f])]
    lack = [f for f in FRAMES if not private & set(HOLDS[f]) and "handle" not in HOLDS[f]]
    what = "a name, an email address or a phone number" if names else "an email address or a phone number"
    kinds = [kind("yes", "private yes hit block", f"a text with {what}", f"at least {what}"), kind("no", "clean no ok pass", "a text without these", "nothing of that kind")]
    rules = [] if names else [["names alone do not count", "a person's name alone is fine"]]
    return label_function(rng, ["text", "message", "line"], ["whether there is personal data", f"if it holds {what}"], kinds, lambda r, key: fill_frame(r, r.choice(have if key == "yes" else lack))[0], rules=rules, questions=[f"does the text contain {what}", f"is there {what}"])


@family(TEXT)
def mentions_entity(rng: random.Random) -> Function:
    """Is a date, price, person, city … mentioned?"""
    what, noun = rng.choice((("date", "a date"), ("price", "a sum of money"), ("person", "a person's name"), ("city", "a city"), ("email", "an email address"), ("phone", "a phone number"), ("url", "a link"), ("time", "a time of day"), ("weekday", "a day of the week"), ("company", "a company"), ("country", "a country"), ("hashtag", "a hashtag"), ("code", "a reference code")))
    have = [f for f in FRAMES if what in HOLDS[f]]
    lack = [f for f in FRAMES if what not in HOLDS[f] and not (what == "date" and "weekday" in HOLDS[f]) and not (what == "country" and "city" in HOLDS[f]) and not (what == "person" and {"company", "email", "handle"} & set(HOLDS[f]))]
    kinds = [kind("yes", "yes true y 1 found has", f"a text with {noun}", f"{noun} in the text", f"at least one mention of {noun}"), kind("no", "no false n 0 none lacks", "a text without one", "none of that", "no such thing in it")]
    return label_function(rng, ["text", "sentence", "line"], [f"whether {noun} is mentioned", f"if there is {noun} in it"], kinds, lambda r, key: fill_frame(r, r.choice(have if key == "yes" else lack))[0], questions=[f"does the text mention {noun}", f"is {noun} mentioned", f"is there {noun} in the text", f"contains {noun}"])


HINTS: dict[str, tuple[str, ...]] = {
    "banana": ("a long yellow fruit", "curved fruit that monkeys love"), "lemon": ("a sour yellow fruit", "you squeeze it into tea"), "dog": ("it barks", "man's best friend"), "cat": ("it purrs and hunts mice", "pet that says meow"), "cow": ("gives milk and says moo", "it eats grass and gives milk"), "elephant": ("large grey animal with a trunk", "the biggest land animal"), "bee": ("makes honey", "insect that stings and makes honey"),
    "snow": ("white and cold, falls in winter", "you make men of it in winter"), "rain": ("water from the clouds", "you need an umbrella for it"), "sun": ("it shines by day", "the star in the middle of our system"), "moon": ("it lights the night sky", "goes round the earth"), "clock": ("tells the time", "has two hands and a face"), "umbrella": ("keeps you dry in the rain", "you open it when it rains"), "key": ("opens a lock", "you need it to open the door"),
    "bridge": ("leads over a river", "you cross the water on it"), "train": ("runs on rails", "it stops at stations"), "ship": ("sails on the sea", "a captain steers it"), "piano": ("instrument with black and white keys", "you play it with both hands on keys"), "guitar": ("instrument with six strings", "played at the camp fire"), "teacher": ("works in a school", "gives homework to pupils"), "baker": ("makes bread", "sells rolls in the morning"), "doctor": ("treats sick people", "you see one when you are ill"),
    "winter": ("the coldest season", "season of snow"), "summer": ("the hottest season", "season after spring"), "bed": ("you sleep in it", "furniture for the night"), "chair": ("you sit on it", "it has four legs and a back"), "book": ("it has pages to read", "you read it"), "knife": ("you cut bread with it", "sharp thing in the kitchen"), "coffee": ("hot brown drink that wakes you up", "made of roasted beans"), "egg": ("laid by a hen", "you boil or fry it for breakfast"),
}


@family(TEXT)
def hint_to_word(rng: random.Random) -> Function:
    upper = rng.random() < 0.25

    def sample(rng: random.Random) -> Pair:
        word = rng.choice(list(HINTS))
        return rng.choice((rng.choice(HINTS[word]), w.cap(rng.choice(HINTS[word])) + ".", f"it: {rng.choice(HINTS[word])}")), word.upper() if upper else word

    rules = [["[answer|write it] in capitals", "upper case"]] if upper else [["[one word|a single word], lower case", "in lower case"]]
    return text_function(rng, sample, ["a hint", "a riddle", "a description of a thing"], ["guess the word from the hint", "[name|print] the thing that is described", "which word does the hint mean"], ["hint -> word", "guess the word"], rules)
