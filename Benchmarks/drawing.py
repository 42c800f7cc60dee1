"""What the benchmarks' pictures share: colours and pieces of SVG."""

from xml.sax.saxutils import escape

FONT = "Helvetica Neue, Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif"
INK, FAINT, GRID = "#1f2328", "#59636e", "#d8dee4"
BLUE, ORANGE, GREEN = "#0077bb", "#ee7733", "#009988"


def document(width: float, height: float, title: str, parts: list[str]) -> str:
    """A white page with a title over it."""
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" role="img" font-family="{FONT}">',
            f"<title>{title}</title>",
            f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
            text(width / 2, 24, title, 15, weight=600),
            *parts,
            "</svg>\n",
        ]
    )


def text(
    x: float, y: float, words: str, size: int, *, anchor: str = "middle", weight: int = 400,
    colour: str = INK,
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" '
        f'font-weight="{weight}" fill="{colour}">{escape(words)}</text>'
    )


def upright(x: float, y: float, words: str, size: int) -> str:
    """Text that is read from below."""
    return f'<g transform="rotate(-90 {x} {y})">{text(x, y, words, size)}</g>'
