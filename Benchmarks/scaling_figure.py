"""The study of `scaling.py` as a picture: microseconds of a sample against batch and width."""

import math

from drawing import BLUE, FAINT, GRID, ORANGE, document, text, upright

PANEL_WIDTH, PANEL_HEIGHT = 300, 250
MARGIN_LEFT, MARGIN_RIGHT, MARGIN_TOP, MARGIN_BOTTOM = 62, 18, 40, 48
TITLE_HEIGHT = 62
OURS, PEER = BLUE, ORANGE
NETWORKS = {"W3": "Four layers, gradient penalty", "W4": "DCGAN at 28×28, clipping"}
SIZES = {"batch": "samples in a batch", "width": "width of the networks"}


def svg(study: dict) -> str:
    """One panel for each network and size, both axes logarithmic."""
    panels = [
        (name, size, points)
        for name, sizes in study["workloads"].items()
        for size, points in sizes.items()
    ]
    width, height = PANEL_WIDTH * len(panels), TITLE_HEIGHT + PANEL_HEIGHT
    parts = legend(width / 2)
    for index, (name, size, points) in enumerate(panels):
        parts.append(f'<g transform="translate({PANEL_WIDTH * index} {TITLE_HEIGHT})">')
        parts += panel(NETWORKS[name], SIZES[size], points, is_first=index == 0)
        parts.append("</g>")
    return document(width, height, "Time of an iteration for each sample of its batch", parts)


def legend(middle: float) -> list[str]:
    entries = [
        (middle - 300, OURS, "swift-wgan"),
        (middle - 180, PEER, "fastest of PyTorch and JAX"),
    ]
    lines = [text(middle + 180, 48, "numbers: how many times as long", 12, colour=FAINT)]
    for x, colour, label in entries:
        lines.append(
            f'<path d="M{x} 44h22" stroke="{colour}" stroke-width="2.5"/>'
            f'<circle cx="{x + 11}" cy="44" r="3.5" fill="{colour}"/>'
        )
        lines.append(text(x + 29, 48, label, 12, anchor="start"))
    return lines


def panel(title: str, size: str, points: list[dict], is_first: bool) -> list[str]:
    values = [p["value"] for p in points]
    times = [p[key] for p in points for key in ("ours_us_per_sample", "peer_us_per_sample")]
    low, high = math.floor(math.log10(min(times))), math.ceil(math.log10(max(times)))
    left, right = MARGIN_LEFT, PANEL_WIDTH - MARGIN_RIGHT
    top, bottom = MARGIN_TOP, PANEL_HEIGHT - MARGIN_BOTTOM

    def across(value: float) -> float:
        share = math.log(value / values[0]) / math.log(values[-1] / values[0])
        return left + 8 + share * (right - left - 16)

    def up(time: float) -> float:
        return bottom - (math.log10(time) - low) / (high - low) * (bottom - top)

    parts = [text(left, 22, title, 13, anchor="start", weight=600)]
    for power in range(low, high + 1):
        y = up(10**power)
        parts.append(f'<path d="M{left} {y:.1f}H{right}" stroke="{GRID}"/>')
        parts.append(text(left - 8, y + 4, number(10**power), 11, anchor="end", colour=FAINT))
    for value in values:
        x = across(value)
        parts.append(f'<path d="M{x:.1f} {bottom}v4" stroke="{FAINT}"/>')
        parts.append(text(x, bottom + 17, str(value), 11, colour=FAINT))
    parts.append(text((left + right) / 2, bottom + 38, size, 12))
    if is_first:
        parts.append(upright(14, (top + bottom) / 2, "microseconds per sample", 12))
    for key, colour in (("peer_us_per_sample", PEER), ("ours_us_per_sample", OURS)):
        places = [(across(p["value"]), up(p[key])) for p in points]
        line = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
        parts.append(f'<path d="M{line}" fill="none" stroke="{colour}" stroke-width="2.5"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in places]
    for point in points:
        factor = point["peer_ms"] / point["ours_ms"]
        y = min(up(point["peer_us_per_sample"]), up(point["ours_us_per_sample"]))
        parts.append(text(across(point["value"]), y - 9, f"{factor:.1f}×", 10, colour=FAINT))
    return parts


def number(value: float) -> str:
    return f"{value:g}" if value < 10_000 else f"{value / 1000:g} 000"
