# ruff: noqa: E501 -- tables of wordings read better one entry a line
"""Banks of sentence templates by meaning (see phrasing for the template language), and `write` to fill them."""

from __future__ import annotations

import random
from collections.abc import Sequence

from pawtrainer.families import words as w
from pawtrainer.families.phrasing import fill

SLOTS: dict[str, Sequence[str]] = {
    "first": w.FIRST, "last": w.LAST, "city": w.CITIES, "country": w.COUNTRIES, "product": w.PRODUCTS, "adj": w.ADJECTIVES, "brand": w.BRANDS,
    "fruit": w.FRUIT, "day": w.WEEKDAYS, "month": w.MONTHS, "dept": w.DEPARTMENTS, "company": [f"{a} {b}" for a, b in zip(w.COMPANY_A, w.COMPANY_B, strict=False)],
    "n": [str(n) for n in range(2, 30)], "big": [str(n) for n in range(40, 990, 7)], "time": [f"{h}:{m:02d}" for h in range(7, 21) for m in (0, 15, 30)], "team": ("United", "the Hawks", "the Tigers", "Rovers", "City", "the Bears"),
    "sport": w.GROUPS["sport"], "drink": w.GROUPS["drink"], "animal": w.GROUPS["animal"], "veg": w.GROUPS["vegetable"], "job": w.GROUPS["job"], "instrument": w.GROUPS["instrument"], "metal": w.GROUPS["metal"],
}


def write(rng: random.Random, bank: Sequence[str]) -> str:
    """One sentence from a bank, slots filled."""
    return fill(rng, rng.choice(bank), **SLOTS)


EMOTIONS: dict[str, tuple[str, ...]] = {
    "joy": ("I [got|just got] the job, [best day ever|I could dance]!", "We're having a baby and I can't stop smiling.", "[Yay|Hooray], {team} won the cup!", "So happy that {first} is [coming home|here again].", "What a [wonderful|perfect|lovely] day [at the beach|in {city}] with the kids!",
            "My [daughter|son] took the first steps today, I'm over the moon.", "Finally passed the exam, [party tonight|time to celebrate]!", "This {drink} and the sun on my face, life is good."),
    "anger": ("I'm [sick|so tired] of being lied to by {company}.", "How dare {first} [take|use] my {product} without asking!", "This is the [third|fourth|fifth] time they lost my order, I'm furious.", "Stop [shouting at|interrupting] me, I've had enough!", "Who [the hell|on earth] parked in front of my garage again?!",
              "They charged me twice and hung up on me. Outrageous.", "I could scream, {first} broke the {product} and blames me.", "It makes my blood boil how they treat {first}."),
    "sadness": ("I [miss|still miss] {first} so much since the funeral.", "[My dog died|We lost our dog] last night and the house feels empty.", "I've been crying all [day|evening], she left me.", "Nobody remembered my birthday.", "It hurts to see grandma forget my name.", "I feel so alone in {city}.",
                "We had to say goodbye to our old home, my heart is heavy.", "I didn't get into the school, all those years for nothing."),
    "fear": ("I think someone is following me.", "I'm [terrified|scared] of the operation on {day}.", "What if they [fire me|find out]? I can't sleep.", "There was a noise in the cellar and I don't dare to look.", "My hands are shaking, the plane is dropping.", "I'm worried sick, {first} isn't answering the phone.",
             "Please stay with me, I'm so afraid of the dark.", "The test results come tomorrow and I am dreading it."),
    "surprise": ("Wow, I never expected {first} to [win|show up]!", "Wait, what? You two are [married|moving to {city}]?", "I can't believe it, the {product} costs only {n} euros!", "No way, {first} is {first}'s brother?", "Out of the blue a letter from {company} arrived, I was speechless.", "OMG I did not see that coming."),
    "disgust": ("Ew, there was a hair in my {drink}.", "The smell from the bins made me gag.", "He chews with his mouth open, gross.", "I found mould on the {veg}, yuck.", "The toilets were so filthy that I felt sick.", "That slimy {fruit} turned my stomach."),
    "gratitude": ("Thank you so much for [helping|driving] {first} yesterday.", "I really appreciate that you [stayed late|took the time].", "Can't thank you enough for the {product}!", "We are grateful for your support after the flood.", "Thanks a million, {first}, you saved me.", "Much obliged for the quick answer."),
}
URGENCY: dict[str, tuple[str, ...]] = {
    "high": ("URGENT: [all tills are|the whole shop is] down and customers are waiting!", "We need this [right now|immediately], the truck leaves in {n} minutes.", "Emergency, water is [pouring|coming] through the ceiling of room {n}.", "[Please call|Call] me back ASAP, the client signs within the hour.", "Nobody can log in since {time}, [production|everything] has stopped.",
             "Someone is stuck in the lift, send help at once!", "The server room is on fire.", "Payroll must go out today and the system is dead, drop everything.", "I'm locked out and the flight boards in {n} minutes."),
    "medium": ("Could you [send|fix] the {product} [this week|by {day}]?", "[Please|Kindly] reply by {day} so that we can plan.", "My invoice for {month} is wrong, please correct it in the next few days.", "We'd like the {product} replaced before the end of the week.", "The second printer is broken, we manage with the other until {day}.",
               "I need an answer before {month}, please.", "One of our {n} licences expires next week."),
    "low": ("No rush, but [could|can] you look at the {product} [some time|one day]?", "Whenever you have a moment, tell me about your {product}.", "Just a suggestion for the future: add a dark theme.", "It's not important, the logo is a bit off on page {n}.", "Some day it would be nice to have {product} in green.",
            "Take your time, I'm only curious how it works.", "Minor thing: there is a typo in the footer.", "Nice to have for next year: a list of all {product} models."),
}
TOPICS: dict[str, tuple[str, ...]] = {
    "sports": ("{team} beat {team} {n} to 1 in the final.", "The {sport} coach [resigned|was fired] after the [third|fourth] defeat.", "{first} {last} broke the world record in [swimming|the marathon].", "[Fans|Supporters] celebrated the title in the stadium of {city}.", "The striker signed a contract until next season.", "Rain stopped play in the {sport} semi-final."),
    "politics": ("Parliament [passed|rejected] the new tax law [on {day}|after a long debate].", "The prime minister met the president of {country}.", "Voters in {city} elect a new mayor on {day}.", "The opposition demands the minister's resignation.", "Senators argue over the border bill.", "{country} and {country} signed a peace treaty.", "The coalition lost its majority in the election."),
    "technology": ("{company} released [a new phone|an update] with a faster chip.", "Hackers stole the passwords of {n} million users.", "The startup from {city} trains robots with [machine learning|a large model].", "A software bug crashed [thousands of|many] computers.", "The new browser blocks trackers.", "Engineers built a quantum processor with {big} qubits."),
    "health": ("Doctors warn of [a flu wave|measles] in {month}.", "A new vaccine [protects|helps] against malaria.", "Eating more {veg} lowers blood pressure, a study says.", "The hospital in {city} opens a cancer ward.", "Nurses advise patients to sleep eight hours.", "The drug reduces pain without side effects."),
    "business": ("Shares of {company} fell by {n} percent.", "{company} [buys|takes over] its rival for {big} million.", "The bank raised [interest rates|its forecast] again.", "{company} cuts {big} jobs in {city}.", "Exports from {country} grew in {month}.", "The retailer reported record profits for the quarter."),
    "weather": ("[Heavy rain|Snow] and strong winds are expected on {day}.", "Temperatures in {city} climb to {n} degrees tomorrow.", "A thunderstorm moves in from the west tonight.", "Fog in the morning, sunny in the afternoon.", "The heat wave will last until {day}.", "Hail and lightning are forecast for the coast."),
    "travel": ("Our hotel in {city} was two minutes from the [old town|beach].", "Book your flight to {city} early in {month}.", "Ten sights you must see in {country}.", "We took the night train from {city} to {city}.", "Backpacking through {country} on {n} euros a day.", "Tourists need a visa for {country}."),
    "food": ("Mix flour, butter and {fruit}s and bake for {n} minutes.", "This soup of {veg} and garlic is ready in half an hour.", "The new restaurant in {city} serves grilled fish.", "Add salt and pepper to the sauce.", "My grandma's recipe for {fruit} cake.", "How to cook {veg} so that it stays crisp."),
    "science": ("Astronomers discovered a planet {big} light years away.", "Biologists found a new species of {animal} in {country}.", "Physicists measured the mass of the neutrino.", "Fossils from {country} show how {animal}s evolved.", "The telescope photographed a distant galaxy.", "Chemists produced a new alloy of {metal}."),
    "music": ("The orchestra played Mozart in {city}.", "{first} {last} sings on the new album.", "The band goes on tour in {month}.", "She learned the {instrument} at the age of {n}.", "The concert sold out in {n} minutes.", "The single topped the charts for {n} weeks."),
    "education": ("The school in {city} hires {n} new teachers.", "Pupils write their final exams in {month}.", "The university lowers its tuition fees.", "Homework should take less than {n} minutes a day.", "Students protest against larger classes.", "The kindergarten opens a second group."),
    "crime": ("Police arrested a man after a robbery in {city}.", "Burglars stole {n} paintings from a museum.", "The court sentenced the fraudster to {n} years in prison.", "Detectives search for the killer of {first} {last}.", "A gang smuggled {product}s across the border.", "Thieves broke into a jewellery shop on {day}."),
    "gardening": ("Plant the tulip bulbs in {month}.", "Water the {veg} seedlings every evening.", "How to keep snails off the {veg} bed.", "Prune the roses before the first frost.", "Compost makes the soil richer.", "Mow the lawn every {n} days in summer."),
    "housing": ("Rents in {city} rose by {n} percent.", "The flat has three rooms and a balcony.", "The landlord must repair the heating.", "We signed the lease for the house on {day}.", "Mortgage rates make homes hard to buy.", "The estate agent showed us {n} apartments."),
}
QUESTIONS: dict[str, tuple[str, ...]] = {
    "person": ("Who [wrote|painted|invented|directed] [the {product}|this|it]?", "Who is the [mayor|manager] of {city}?", "Whose {product} is this?", "Which {job} helped {first}?", "Who won the {sport} final?", "What's the name of the woman who sold you the {product}?"),
    "place": ("Where is the nearest [bank|pharmacy|bus stop]?", "Where was {first} {last} born?", "In which city is {company} based?", "Which country has the most {animal}s?", "Where can I buy a {product}?", "What is the capital of {country}?"),
    "time": ("When does the [shop|museum] open?", "What time is the [train|flight] to {city}?", "In which year did {first} move to {city}?", "When will my {product} arrive?", "On what day is the {sport} match?", "What's the date of the next meeting?"),
    "number": ("How many {product}s fit in the box?", "How much does the {product} cost?", "How old is {first}?", "How far is it from {city} to {city}?", "What is the population of {city}?", "How long is the river?", "How many people live in {country}?"),
    "reason": ("Why is the {product} so expensive?", "Why did {first} leave {city}?", "What is the reason for the delay?", "How come the lights are off?", "Why does my {product} make that noise?", "What made {first} angry?"),
    "manner": ("How do I [clean|repair|reset|use] the {product}?", "How can I get to {city}?", "How do you cook {veg}?", "In what way can I pay?", "How does one become a {job}?", "What is the best way to learn the {instrument}?"),
    "yesno": ("Is the {product} still available?", "Did {first} call?", "Can I return the {product}?", "Are you open on {day}?", "Does it rain a lot in {city}?", "Have you been to {country}?", "Will {team} win?", "Do {animal}s sleep at night?"),
    "definition": ("What is a {instrument}?", "What does the word {adj} mean?", "Define {sport}.", "What's meant by inflation?", "What is a solstice?", "Explain the term {metal}."),
}
LANGUAGES: dict[str, tuple[str, ...]] = {
    "English": ("The shop [opens|closes] at {n} o'clock.", "Where is the train station, please?", "I would like a {drink} with milk.", "My brother lives in {city} with his wife.", "We are going to the cinema on {day}.", "It was raining all night."),
    "German": ("Das Gesch\u00e4ft [\u00f6ffnet|schlie\u00dft] um {n} Uhr.", "Wo ist bitte der Bahnhof?", "Ich h\u00e4tte gern einen Kaffee mit Milch.", "Mein Bruder wohnt mit seiner Frau in {city}.", "Wir gehen am Freitag ins Kino.", "Es hat die ganze Nacht geregnet.", "Die Rechnung ist noch nicht bezahlt.", "K\u00f6nnen Sie mir helfen?"),
    "French": ("Le magasin [ouvre|ferme] \u00e0 {n} heures.", "O\u00f9 est la gare, s'il vous pla\u00eet?", "Je voudrais un caf\u00e9 avec du lait.", "Mon fr\u00e8re habite \u00e0 {city} avec sa femme.", "Nous allons au cin\u00e9ma vendredi.", "Il a plu toute la nuit.", "La facture n'est pas encore pay\u00e9e.", "Pouvez-vous m'aider?"),
    "Spanish": ("La tienda [abre|cierra] a las {n}.", "\u00bfD\u00f3nde est\u00e1 la estaci\u00f3n, por favor?", "Quisiera un caf\u00e9 con leche.", "Mi hermano vive en {city} con su mujer.", "Vamos al cine el viernes.", "Llovi\u00f3 toda la noche.", "La factura todav\u00eda no est\u00e1 pagada.", "\u00bfMe puede ayudar?"),
    "Italian": ("Il negozio [apre|chiude] alle {n}.", "Dov'\u00e8 la stazione, per favore?", "Vorrei un caff\u00e8 con latte.", "Mio fratello abita a {city} con sua moglie.", "Andiamo al cinema venerd\u00ec.", "Ha piovuto tutta la notte.", "La fattura non \u00e8 ancora pagata.", "Mi pu\u00f2 aiutare?"),
    "Dutch": ("De winkel [opent|sluit] om {n} uur.", "Waar is het station, alstublieft?", "Ik wil graag een koffie met melk.", "Mijn broer woont met zijn vrouw in {city}.", "Wij gaan vrijdag naar de bioscoop.", "Het heeft de hele nacht geregend.", "De rekening is nog niet betaald."),
    "Portuguese": ("A loja [abre|fecha] \u00e0s {n} horas.", "Onde fica a esta\u00e7\u00e3o, por favor?", "Eu queria um caf\u00e9 com leite.", "Meu irm\u00e3o mora em {city} com a mulher dele.", "Vamos ao cinema na sexta-feira.", "Choveu a noite toda.", "A fatura ainda n\u00e3o foi paga."),
    "Polish": ("Sklep [otwiera si\u0119|zamyka si\u0119] o {n}.", "Gdzie jest dworzec?", "Poprosz\u0119 kaw\u0119 z mlekiem.", "M\u00f3j brat mieszka z \u017con\u0105 w {city}.", "W pi\u0105tek idziemy do kina.", "Ca\u0142\u0105 noc pada\u0142o.", "Faktura nie jest jeszcze zap\u0142acona."),
}
FORMALITY: dict[str, tuple[str, ...]] = {
    "formal": ("Dear [Mr|Ms] {last}, [please find enclosed|we hereby confirm receipt of] the documents.", "We would be grateful if you could [confirm|acknowledge] your attendance.", "I am writing to enquire about the position of {job}.", "Should you require further information, please do not hesitate to contact us.", "Yours faithfully, {first} {last}",
               "It is with regret that we must decline your application.", "Guests are kindly requested to refrain from smoking.", "The undersigned accepts the terms set out above.", "We should like to invite you to the reception on {day}."),
    "informal": ("hey {first}, [what's up|wanna hang out] [tonight|later]?", "lol that {product} is [dope|so lame]", "gonna be late, save me a seat ok?", "yo, can u send me the pics?", "nah I'm good, thx tho", "Hiya! Fancy a {drink} after work?", "omg guess who I saw in {city} haha", "dude, no way, that's nuts", "c u on {day}, bring snacks :)", "gotta run, ttyl"),
}
TONES: dict[str, tuple[str, ...]] = {
    "polite": ("Could you please [send|pass] me the {product}?", "Thank you for your patience, we will [look into it|reply soon].", "Would you mind [waiting|helping {first}] for a moment?", "I'm sorry to bother you, but may I ask a question?", "If it's not too much trouble, please close the window.", "Many thanks, {first}, that was very kind of you."),
    "rude": ("Are you stupid or what?", "Shut up and [bring|give me] the {product}.", "What an idiot, {first} can't even [count|read].", "Get lost.", "Move it, you useless fool.", "Nobody asked for your dumb opinion.", "You people are a joke, do your damn job."),
    "neutral": ("The {product} is in room {n}.", "The meeting was moved to {day}.", "I sent the form to {first} on {day}.", "The {dept} office is on floor {n}.", "There are {n} {product}s in stock.", "The train to {city} leaves at {time}."),
    "sarcastic": ("Oh great, another [update|meeting], just what I needed.", "Wow, what a genius, locking the keys in the car.", "Sure, because waiting {n} hours is exactly my idea of fun.", "Yeah right, {first} is always on time, just like the trains.", "Lovely, the {product} broke on day one, brilliant quality as ever."),
}
SENTENCE_KINDS: dict[str, tuple[str, ...]] = {
    "question": ("[Where|When] [did|will] {first} [buy|get] the {product}", "Is the {product} {adj}", "Who took my {product}", "Can we meet on {day}", "How much is the {fruit} juice", "Why is {first} late"),
    "command": ("Put the {product} on the table", "Close the door behind you", "Send {first} the list by {day}", "Don't touch the {product}", "Call {first} at {time}", "Turn left at the bank", "Bring me a {drink}"),
    "statement": ("The {product} is on the table", "{first} bought a {adj} {product}", "We met in {city} on {day}", "{team} played well", "The {drink} was cold", "There are {n} {fruit}s in the bowl", "{first} works as a {job}"),
    "exclamation": ("What a [beautiful|strange] {product}", "How [lovely|kind] of {first}", "Wow, that's a huge {fruit}", "What a mess in the kitchen", "How fast {first} runs"),
}
TENSES: dict[str, tuple[str, ...]] = {
    "past": ("{first} bought a {product} in {city}.", "We were waiting for the bus.", "They didn't see the {animal}.", "I had already eaten when {first} called.", "The {job} left at {time}.", "She was tired after the match.", "Did {first} enjoy the concert?", "It rained on {day}."),
    "present": ("{first} lives in {city}.", "They are playing {sport} in the garden.", "I don't like {drink}.", "The shop opens at {time} every day.", "She is looking for her {product}.", "Do you know {first}?", "{animal}s eat grass.", "We usually take the tram."),
    "future": ("{first} will move to {city} next year.", "We are going to buy a {product} tomorrow.", "I'll call you on {day}.", "They won't come to the party.", "Will {first} be there tomorrow?", "The {job} is going to retire in {month}.", "It will snow tonight."),
}
STANCE: dict[str, tuple[str, ...]] = {
    "fact": ("The {product} weighs {n} kilos.", "{city} has about {big} thousand inhabitants.", "Water boils at 100 degrees Celsius.", "The museum opened in 19{n}.", "{company} employs {big} people.", "The train from {city} takes {n} hours.", "{first} was born in {month}.", "The book has {big} pages."),
    "opinion": ("I think {city} is the most beautiful city in {country}.", "{drink} tastes awful in the morning.", "In my view {company} should pay more tax.", "{sport} is far more exciting than {sport}.", "The {product} looks ridiculous.", "Everybody ought to learn the {instrument}.", "Honestly, {month} is the worst month.", "Nothing beats a {fruit} cake."),
    "prediction": ("{team} will win the league.", "By next year {city} will be twice as big.", "Prices are going to rise in {month}.", "I bet {first} is late tomorrow.", "It will surely rain on {day}.", "Soon nobody will use a {product} any more."),
}
SPAM: dict[str, tuple[str, ...]] = {
    "spam": ("CONGRATULATIONS! You have won a {product}. [Click|Tap] here to claim: http://{brand}-prize.win/{n}", "Your account is locked, verify your password at http://secure-{brand}.top", "Lose {n} kilos in one week with this pill, order now!", "FREE entry! Text WIN to {big}{n} to get {big} cash", "Make {big} dollars a day from home, no experience needed!!!",
             "Hot singles in {city} want to meet you", "Last chance: 90% OFF designer watches, limited offer", "Dear friend, I am a prince and need your help to move {n} million dollars", "You have been selected for a loan of {big}00, reply YES", "Your parcel is held, pay the fee of 1.99 here: bit.ly/{brand}{n}"),
    "ham": ("Hi {first}, are we still on for {day}?", "The {product} you ordered was shipped today, order {big}.", "Can you send me the slides from the meeting?", "Happy birthday {first}! See you at {time}.", "I'll be {n} minutes late, sorry.", "Mum says dinner is at {time}.", "The dentist confirmed your appointment on {day} at {time}.",
            "Don't forget the keys, {first} is at work.", "Your invoice for {month} is attached. Regards, {first} {last}", "We won {n} to 1 last night, you should have seen it!"),
}
REPLIES: dict[str, tuple[str, ...]] = {
    "yes": ("[Sure|Of course|Absolutely], [count me in|I'll be there|no problem].", "Yes, {day} works for me.", "I'd love to!", "Sounds [great|good], see you at {time}.", "[Yep|Yeah], gladly.", "Okay, go ahead.", "Fine with me, put my name down."),
    "no": ("[Sorry|I'm afraid], I can't [make it|come] on {day}.", "No [thanks|thank you], not this time.", "I have to [pass|decline], {first} is ill.", "Nope, I'm away that week.", "I'd rather not.", "Unfortunately I have another appointment at {time}.", "Count me out."),
    "maybe": ("[Maybe|Perhaps], I have to [check|ask {first}] first.", "I'm not sure yet, I'll tell you on {day}.", "It depends on the weather.", "Let me think about it.", "Possibly, can I decide tomorrow?", "I might, if my shift ends before {time}.", "Hard to say right now."),
}
EMAIL_ACTS: dict[str, tuple[str, ...]] = {
    "request": ("[Could|Can] you [send|forward] me the {product} list by {day}?", "Please [review|sign] the attached contract.", "We need you to book a room in {city} for {n} people.", "Kindly update the figures for {month}.", "Please call {first} about the {product}."),
    "info": ("For your information: the {dept} office is closed on {day}.", "The lift will be out of service until {day}.", "Just so you know, {first} {last} joined the {dept} team.", "The new price list is on the intranet.", "No action needed: backup finished at {time}."),
    "meeting": ("Can we meet on {day} at {time} to discuss the {product}?", "Let's schedule a call about {company} next week.", "Invitation: {dept} weekly, {day} {time}, room {n}.", "Are you free for a short meeting at {time}?", "I'd like to set up an appointment with {first}."),
    "thanks": ("Thanks a lot for the {product}, {first}!", "I really appreciate your help with {company}.", "Thank you for the quick reply.", "Great job on the {month} report, thank you!", "Many thanks for looking after the guests from {city}."),
    "complaint": ("I'm not happy that the {product} still doesn't work.", "This is unacceptable, we have waited {n} weeks.", "The delivery from {company} was late again and two items were broken.", "I must complain about the noise from the {dept} office.", "Your invoice is wrong for the {n}th time."),
    "apology": ("Sorry for the late answer, I was ill.", "We apologise for the mistake in the {month} invoice.", "My apologies, I sent you the wrong file.", "I'm so sorry that I missed our call on {day}.", "Please excuse the confusion about the room."),
}


def extended(bank: dict[str, tuple[str, ...]], frames: Sequence[str], lexicon: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """A bank with frames added to each class; `{x}` in a frame is a term of the class (terms separated by commas)."""
    made = dict(bank)
    for key, terms in lexicon.items():
        pick = "[" + terms.replace(", ", "|") + "]"
        made[key] = (*bank.get(key, ()), *(frame.replace("{x}", pick) for frame in frames))
    return made


TOPICS = extended(TOPICS, ("{first} talks about the {x} and the {x}", "All about the {x}", "The {x} that everybody in {city} talks about", "{x}: what you need to know", "Why the {x} matters this {month}", "New {x} in {country}", "{first} {last} on the {x}", "a question about the {x}", "The {x} and the {x} explained"), {
    "sports": "penalty shoot-out, league title, tournament, referee, marathon, Olympic medal, goalkeeper, transfer window, quarterback, home run, Grand Prix, relegation battle, tennis open, world cup, sprint record, slam dunk, playoffs",
    "politics": "election, parliament, cabinet, referendum, foreign minister, coalition talks, senate vote, party congress, sanctions, head of state, border treaty, ballot, opposition leader, government crisis, constitution",
    "technology": "smartphone, software update, processor, data centre, browser, cyber attack, operating system, chatbot, laptop, graphics card, cloud server, app store, encryption, semiconductor, gadget, robot",
    "health": "vaccine, diabetes, heart disease, surgery, virus, flu season, blood test, therapy, nutrition advice, hospital ward, cancer screening, migraine, antibiotics, mental health, physiotherapy",
    "business": "stock market, quarterly profit, merger, takeover bid, interest rate, inflation, startup funding, layoffs, bankruptcy, export figures, shareholder meeting, trade deficit, dividend, bond yields, retail sales",
    "weather": "thunderstorm, cold front, heat wave, snowfall, drizzle, hurricane, gale warning, frost, humidity, cloudy spell, rain radar, blizzard, sunny weekend, fog bank, hailstorm",
    "travel": "city trip, cruise, beach resort, backpacking route, airport lounge, sightseeing tour, hostel, road trip, visa rules, travel insurance, camping site, luggage limit, island ferry, honeymoon",
    "food": "recipe, chocolate cake, pasta sauce, street food, grilled salmon, sourdough bread, salad dressing, spicy curry, breakfast pancakes, cheese platter, vegan burger, noodle soup, dessert",
    "science": "black hole, DNA, particle physics, fossil, climate model, telescope, gene, galaxy, chemical reaction, Mars probe, neuron, quantum experiment, evolution, microscope, comet",
    "music": "guitar solo, symphony, new album, rock band, opera singer, concert tour, jazz festival, hit single, choir, drummer, pop star, string quartet, songwriter, playlist",
    "education": "exam, university course, homework, scholarship, kindergarten, school reform, teacher shortage, classroom, curriculum, tuition fee, student exchange, maths lesson, pupils, diploma",
    "crime": "burglary, murder trial, robbery, police raid, fraud case, prison sentence, arson, kidnapping, drug smuggling, detective, stolen car, verdict, hostage, pickpocket gang",
    "gardening": "rose bush, compost, lawn mower, vegetable patch, greenhouse, tulip bulbs, pruning shears, weeds, hedge, fertiliser, garden pond, tomato seedlings, apple tree",
    "housing": "rent increase, mortgage, apartment block, landlord, estate agent, property prices, tenant, house sale, lease, housing shortage, terraced house, renovation",
})
