"""Sample notes about the family, the club, the kitchen and books. Only data."""

from __future__ import annotations

from modules.notes.samples.sample import Sample

LUGANO = """# Lugano

<trip>, three days, four people, one small flat above the lake.

## Train

Leaves 16:09, platform 7. Seats on the left for the water.

## Ideas

- [ ] Up the funicular, down on foot
- [ ] The boat to the chestnut woods
- [ ] Polenta where the ferry turns round
- [ ] If it rains: chess in the arcades

What to bring: [[Packing list]].
"""
PACKING = """# Packing list

Four people, three days, two bags.

## Always

- [ ] Keys of the flat
- [ ] Charger, the long cable
- [ ] A book each

## Water

- [ ] Swimming goggles (Leo's are blue)
- [ ] Towels that dry

## For the train

- [ ] Cards
- [ ] Apples, bread, *the good cheese*
"""
PARTY = """# Mia turns nine

On <party>, from three to six. Lemon cake, **no nuts**.

| child | answer | can eat    |
|-------|--------|------------|
| Emil  | yes    | no nuts    |
| Zoe   | yes    | everything |
| Luan  | yes    | no pork    |
| Fritz | maybe  | everything |

- [x] Invitations
- [ ] Cake
- [ ] Treasure hunt: six riddles, the last one leads to the kayak paddle
- [ ] Bags to take home

Recipe if the bakery is full: [[Lemon cake]].
"""
CAKE = """# Lemon cake

- 200 g butter, soft
- 200 g sugar
- 4 eggs
- 250 g flour, a spoon of baking powder
- 2 lemons

1. Butter and sugar until white, then the eggs one by one.
2. Flour, zest, half of the juice.
3. 50 minutes at 170 °C. The rest of the juice with sugar on top.
"""
PASTA = """# Pasta with lemon

For four, in the time the water takes.

1. Boil 400 g of linguine.
2. Zest two lemons, grate *plenty* of parmesan.
3. Mix both with a cup of the water, then the pasta. Pepper.

Mia: without pepper. From [[Ideas]].
"""
BREAD = """# Tom's bread

One loaf, half a day, ten minutes of work.

| what       | gram | share |
|------------|-----:|------:|
| flour      |  500 | 100 % |
| water      |  375 |  75 % |
| starter    |  100 |  20 % |
| salt       |   10 |   2 % |

Mix at nine in the evening, fold twice, bake at seven: 20 minutes with the lid, 25 without.

- [x] First try: flat, tasted well
- [x] Second: higher
- [ ] Third: with rye
"""
TRAINING = """# Winter training

Three times a week until the ice comes.

| day      | on the water | on land          |
|----------|--------------|------------------|
| Tuesday  | 8 km, easy   |                  |
| Thursday | 6 × 500 m    | 20 min of core   |
| Saturday | 14 km        | coffee           |

Two kilometres on the machine: **7:24** (spring: 7:41).

The four is in [[Spring regatta]].
"""
REGATTA = """# Spring regatta

Ines bow, Robin two, Nils three, Tom stroke.

- [x] Ask all four
- [ ] Enter
- [ ] Trailer: who drives?
- [ ] Oil the rails, check the riggers

Last year we lost four seconds at the start. See [[Winter training]].
"""
KITCHEN = """# Kitchen

Measured twice: 184 × 62 cm behind the stove.

- [ ] Tiles: Jana likes the green ones, I like that Jana likes them
- [ ] Washer for the tap, half an inch
- [x] Shelf above the door
- [x] Knives sharpened
"""
BALCONY = """# Balcony

South-west, wind from the left. The awning is with the carpenter.

## Grows

- thyme, sage, chives
- tomatoes, the small ones

## Does not

- basil (*slugs on the third floor!*)
- anything in the corner
"""
HABIT = """# Reading: how to notice

Half way through. Three things so far:

1. Look at the same thing for ten minutes. The first three are boredom.
2. Draw it, badly.
3. Say what it is **not**.

Tried it with the boathouse door. It is four greens. Goes with [[Quiet interfaces]].
"""
BOOKS = """# Books

One at a time. *Well, two.*

## Now

- [ ] *How to notice* → [[Reading: how to notice]]

## Next

- [ ] The one about rivers that Chiara lent me
- [ ] A thick one for Lugano

## Read

- [x] The lighthouse story, aloud, twice
- [x] On baking, all of it except the croissants
"""
LEO = """# Leo says

- "The moon is following us because we have the sandwiches."
- "I am not tired, only my legs are."
- "Grandma is older than the microwave."
"""
PHONE = """# Who to call

For the sheet on the fridge.

| what       | who             |
|------------|-----------------|
| heating    | the landlord    |
| bikes      | Tom             |
| the cat    | Grandma         |
| the boat   | Nils, then Ines |
| a bad day  | Chiara          |
"""
HOME = (
    Sample("Lugano", LUGANO, 9, "Family", ("travel",), "teal", pinned=True),
    Sample("Packing list", PACKING, 30, "Family", ("travel",), "teal"),
    Sample("Mia turns nine", PARTY, 7, "Family", ("home",), "pink"),
    Sample("Lemon cake", CAKE, 400, "Home/Recipes", ("recipes",), "green"),
    Sample("Pasta with lemon", PASTA, 170, "Home/Recipes", ("recipes",), "green"),
    Sample("Tom's bread", BREAD, 60, "Home/Recipes", ("recipes",), "green"),
    Sample("Winter training", TRAINING, 44, "Rowing", ("rowing",), "blue"),
    Sample("Spring regatta", REGATTA, 90, "Rowing", ("rowing",), "blue"),
    Sample("Kitchen", KITCHEN, 140, "Home", ("home",)),
    Sample("Balcony", BALCONY, 330, "Home", ("home",)),
    Sample("Reading: how to notice", HABIT, 36, "Reading", ("reading",), "red"),
    Sample("Books", BOOKS, 250, "Reading", ("reading",), "red"),
    Sample("Leo says", LEO, 55, "Family", ("home",), "pink"),
    Sample("Who to call", PHONE, 700, "Home", ("home",)),
)  # fmt: skip
