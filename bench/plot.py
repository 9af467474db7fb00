"""The plot: a bar a workload, as long as its ratio to clang's time, with its quartiles and the bar it must reach."""
from html import escape

ROW, LEFT, WIDTH, TOP = 26, 300, 460, 64
GOOD, BAD, MARK = "#3a7d5c", "#c0533b", "#222222"


def text(x, y, words, anchor="start", size=13, more=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}"{more}>{escape(words)}</text>'


def box(x, y, width, height, colour):
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{colour}"/>'


def position(ratio):
    """Two decades and a bit, so that 0.05 and 1.0 are both seen: the scale is logarithmic from 0.01 to 3."""
    from math import log
    ratio = min(max(ratio, 0.01), 3.0)
    return LEFT + WIDTH * log(ratio / 0.01) / log(3.0 / 0.01)


def axis(bottom):
    parts = []
    for tick in (0.01, 0.03, 0.1, 0.3, 1.0, 3.0):
        x = position(tick)
        colour = "#888888" if tick == 1.0 else "#dddddd"
        parts.append(f'<line x1="{x:.1f}" y1="{TOP - 8}" x2="{x:.1f}" y2="{bottom}" stroke="{colour}"/>')
        parts.append(text(x, TOP - 14, f"{tick:g}", "middle", 11))
    return parts


def bar(row, y):
    parts = [text(LEFT - 10, y + 16, row["name"], "end")]
    end, low, high = (position(ratio) for ratio in (row["ratio"], *row["quartiles"]))
    parts.append(box(LEFT, y + 4, end - LEFT, ROW - 9, GOOD if row["ratio"] <= row["bar"] else BAD))
    parts.append(box(low, y + 10, max(high - low, 1), 3, MARK))
    parts.append(box(position(row["bar"]) - 1, y + 1, 2, ROW - 3, MARK))
    parts.append(text(LEFT + WIDTH + 16, y + 16, f"{row['ratio']:.3f}"))
    return parts


def svg(rows):
    rows = [row for row in rows if "ratio" in row]
    bottom = TOP + ROW * len(rows)
    parts = ['<svg xmlns="http://www.w3.org/2000/svg" '
             f'viewBox="0 0 {LEFT + WIDTH + 80} {bottom + 36}" font-family="sans-serif">',
             box(0, 0, LEFT + WIDTH + 80, bottom + 36, "#ffffff"),
             text(LEFT, 24, "time of mnp / time of clang -O3 -march=native, same work", size=15), *axis(bottom)]
    for i, row in enumerate(rows):
        parts += bar(row, TOP + ROW * i)
    words = "thick tick: the bar to reach; thin line: quartiles; red: above the bar"
    parts.append(text(LEFT, bottom + 22, words, size=11))
    return "\n".join(parts + ["</svg>", ""])
