"""Results of `quality.py` as a picture: FID against minutes and against steps."""

import math

from contenders import JAX, OURS, TORCH
from drawing import BLUE, FAINT, GREEN, GRID, INK, ORANGE, document, text, upright
from quality_report import THRESHOLD, reached

PANEL_WIDTH, PANEL_HEIGHT = 430, 320
MARGIN_LEFT, MARGIN_RIGHT, MARGIN_TOP, MARGIN_BOTTOM = 58, 18, 34, 50
TITLE_HEIGHT = 58
COLOURS = {JAX: GREEN, TORCH: ORANGE, OURS: BLUE}  # In the order of drawing: ours lies on top.
HIGHEST = 300  # Of a FID that is drawn: an untrained generator has more, and nothing to show.
TICKS = [a * 10**b for b in range(-1, 3) for a in (1, 2, 5)]


def svg(results: dict) -> str:
    trainings = results["trainings"]
    minutes = [(t, [(p["seconds"] / 60, p["fid"]) for p in t["points"]]) for t in trainings]
    steps = [(t, [(p["step"], p["fid"]) for p in t["points"]]) for t in trainings]
    width, height = 2 * PANEL_WIDTH, TITLE_HEIGHT + PANEL_HEIGHT
    parts = legend(width / 2, trainings)
    panels = [
        ("Time", "minutes from the start of the process", minutes, lambda p: p["seconds"] / 60),
        ("Equal steps", "steps", steps, lambda p: p["step"]),
    ]
    for index, (title, label, curves, place) in enumerate(panels):
        parts.append(f'<g transform="translate({PANEL_WIDTH * index} {TITLE_HEIGHT})">')
        parts += panel(title, label, curves, place, is_first=index == 0)
        parts.append("</g>")
    return document(width, height, "FID of MNIST digits over one training", parts)


def legend(middle: float, trainings: list[dict]) -> list[str]:
    names = [name for name in (OURS, TORCH, JAX) if any(t["program"] == name for t in trainings)]
    seeds = len({t["seed"] for t in trainings})
    x, parts = middle - 245, []
    for name in names:
        parts.append(f'<path d="M{x} 44h22" stroke="{COLOURS[name]}" stroke-width="2.5"/>')
        parts.append(text(x + 29, 48, name, 12, anchor="start"))
        x += 54 + 6.5 * len(name)
    parts.append(f'<circle cx="{x + 5}" cy="44" r="3.5" fill="{INK}"/>')
    words = f"first at {THRESHOLD}; {seeds} seed{'s' if seeds > 1 else ''}, a line each"
    return [*parts, text(x + 14, 48, words, 12, anchor="start", colour=FAINT)]


def panel(title: str, label: str, curves: list, place, is_first: bool) -> list[str]:
    points = [point for _, curve in curves for point in curve]
    farthest = max(x for x, _ in points)
    lowest = min(THRESHOLD, *(fid for _, fid in points))
    low = max(tick for tick in TICKS if tick <= lowest)
    left, right = MARGIN_LEFT, PANEL_WIDTH - MARGIN_RIGHT
    top, bottom = MARGIN_TOP, PANEL_HEIGHT - MARGIN_BOTTOM

    def across(x: float) -> float:
        return left + x / farthest * (right - left)

    def up(fid: float) -> float:
        share = math.log(fid / low) / math.log(HIGHEST / low)
        return bottom - share * (bottom - top)

    parts = [text(left, 20, title, 13, anchor="start", weight=600)]
    for fid in (tick for tick in TICKS if low <= tick <= HIGHEST):
        y = up(fid)
        parts.append(f'<path d="M{left} {y:.1f}H{right}" stroke="{GRID}"/>')
        parts.append(text(left - 8, y + 4, f"{fid:g}", 11, anchor="end", colour=FAINT))
    for x in marks(farthest):
        parts.append(f'<path d="M{across(x):.1f} {bottom}v4" stroke="{FAINT}"/>')
        parts.append(text(across(x), bottom + 17, f"{x:g}", 11, colour=FAINT))
    parts.append(text((left + right) / 2, bottom + 38, label, 12))
    if is_first:
        parts.append(upright(14, (top + bottom) / 2, "FID (logarithmic)", 12))
    parts.append(
        f'<path d="M{left} {up(THRESHOLD):.1f}H{right}" stroke="{FAINT}" '
        'stroke-dasharray="4 3" stroke-width="1.2"/>'
    )
    for program, colour in COLOURS.items():
        for training, curve in curves:
            if training["program"] == program:
                parts += line(training, curve, place, colour, across, up)
    return parts


def line(training: dict, curve: list, place, colour: str, across, up) -> list[str]:
    """A training's curve, from where it enters the picture, with a dot where it is good enough."""
    inside = [(across(x), up(fid)) for x, fid in curve if fid <= HIGHEST]
    if not inside:
        return []
    words = "L".join(f"{x:.1f} {y:.1f}" for x, y in inside)
    parts = [
        f'<path d="M{words}" fill="none" stroke="{colour}" stroke-width="1.4" '
        'stroke-linejoin="round" stroke-opacity="0.9"/>'
    ]
    if point := reached(training):
        x, y = across(place(point)), up(point["fid"])
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}" stroke="#ffffff"/>'
        )
    return parts


def marks(end: float) -> list[float]:
    """Round numbers from zero on, about six of them."""
    rough = end / 6
    power = 10 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    return [number * step for number in range(int(end / step) + 1)]
