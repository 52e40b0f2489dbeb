"""Digits as a hand draws them, made by the standard library alone, so that no test
of the server needs a data set."""

import math
import random

# Strokes of a hand, in hundredths of the board.
STROKES = {
    0: [[(50, 18), (36, 24), (29, 40), (29, 60), (37, 78), (50, 83), (63, 77),
         (71, 60), (71, 40), (64, 24), (50, 18)]],
    1: [[(52, 17), (50, 50), (49, 83)]],
    2: [[(30, 33), (37, 21), (52, 18), (65, 26), (66, 40), (56, 55), (42, 68),
         (30, 81), (50, 80), (71, 80)]],
    3: [[(32, 22), (50, 17), (65, 25), (64, 38), (48, 47), (64, 54), (69, 67),
         (59, 80), (44, 83), (30, 76)]],
    4: [[(38, 18), (34, 36), (31, 53), (48, 54), (70, 53)],
        [(63, 26), (61, 50), (59, 84)]],
    5: [[(67, 19), (37, 19), (35, 44), (52, 42), (66, 52), (68, 67), (57, 80),
         (41, 83), (30, 77)]],
    6: [[(62, 17), (46, 27), (35, 46), (32, 65), (40, 80), (55, 83), (66, 74),
         (66, 60), (55, 52), (41, 57), (34, 67)]],
    7: [[(30, 21), (50, 20), (70, 20), (60, 42), (50, 64), (44, 84)]],
    8: [[(64, 27), (52, 18), (39, 23), (38, 36), (50, 47), (63, 58), (66, 72),
         (53, 83), (38, 78), (36, 64), (48, 50), (62, 38), (64, 27)]],
    9: [[(66, 30), (54, 18), (39, 23), (35, 38), (44, 50), (58, 47), (66, 32),
         (65, 55), (62, 84)]],
}

SIDE = 28


def distance(x, y, line):
    """From a point to a polyline."""
    nearest = math.inf
    for (ax, ay), (bx, by) in zip(line, line[1:]):
        dx, dy = bx - ax, by - ay
        part = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)
        part = min(1, max(0, part))
        nearest = min(nearest, math.hypot(x - ax - part * dx, y - ay - part * dy))
    return nearest


def drawn_digit(digit, slant=0, width=2.4):
    """784 bytes, white on black: the digit 20 pixels high, in the middle, leaning
    to the right by `slant` pixels a pixel, of strokes so many pixels wide."""
    scale = 0.28  # the strokes are 66 hundredths high
    lines = [[(SIDE / 2 + scale * (x - 50) - slant * scale * (y - 50),
               SIDE / 2 + scale * (y - 50)) for x, y in stroke]
             for stroke in STROKES[digit]]
    return bytes(
        round(255 * min(1, max(0, width / 2 + 0.5 - min(
            distance(x + 0.5, y + 0.5, line) for line in lines))))
        for y in range(SIDE) for x in range(SIDE))


def drawn_digits(count):
    """(list of 784-byte pictures, list of labels): the digits in turn, each a
    little different, the same in every call."""
    hand = random.Random(1)
    labels = [i % 10 for i in range(count)]
    return [drawn_digit(label, hand.uniform(-0.05, 0.25), hand.uniform(2, 3))
            for label in labels], labels
