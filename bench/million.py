"""Writes the sessions of a made-up shop with a million items, as lines of items, to measure what a smaller file loses.

python3 bench/million.py FOLDER
kaseb prepare --format sessions --clicks FOLDER/train.txt --test FOLDER/test.txt --protocol none --out million

Items stand in groups of 25, of which a session looks at one or two: popular groups more often than others, within a
group popular items more often, and one click in three goes on to the item's own successor. Every item is clicked at
least once in the train part. Same bytes each time; no real shoppers.
"""
import itertools
import pathlib
import random
import sys

ITEMS = 1_000_000
GROUP = 25
SESSIONS = 500_000
TEST_SESSIONS = 4_000


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(1)
    groups = ITEMS // GROUP
    by_group = list(itertools.accumulate((g + 10) ** -0.7 for g in range(groups)))
    by_item = list(itertools.accumulate((i + 1) ** -0.8 for i in range(GROUP)))
    order = list(range(ITEMS))
    chance.shuffle(order)

    def one_group():
        return chance.choices(range(groups), cum_weights=by_group)[0]

    def session():
        group = one_group()
        at = chance.choices(range(GROUP), cum_weights=by_item)[0]
        clicks = []
        while True:
            clicks.append(order[group * GROUP + at])
            if len(clicks) >= 2 and chance.random() < 0.25:
                return clicks
            draw = chance.random()
            if draw < 0.03:
                group = one_group()
            at = (at * 7 + 3) % GROUP if draw > 0.67 else chance.choices(range(GROUP), cum_weights=by_item)[0]

    every = [[order[g * GROUP + i] for i in range(f, f + 5)] for g in range(groups) for f in range(0, GROUP, 5)]
    chance.shuffle(every)
    train = every + [session() for _ in range(SESSIONS)]
    chance.shuffle(train)
    for name, sessions in (("train.txt", train), ("test.txt", [session() for _ in range(TEST_SESSIONS)])):
        with open(folder / name, "w") as out:
            out.writelines(" ".join(map(str, clicks)) + "\n" for clicks in sessions)


if __name__ == "__main__":
    main()
