"""Makes the small images of this folder, and references.tsv: what they are when decoded.

The pictures are drawn here; nothing comes from elsewhere. The references are Pillow's, an
implementation apart from libvips:

    python3 -m pip install Pillow==13.0.0 numpy==2.4.6
    python3 make_references.py

A line of references.tsv is one test: file, height, width, channels, fit, ground as RRGGBB, the mean
and the largest difference allowed per byte, and the expected bytes [H, W, C] in hexadecimal.
Lossless formats at their own size must agree exactly. Lossy ones may differ by what decoders may
round differently, and resized ones by what resampling kernels do; libvips places the pixels of an
enlarged image half a pixel further right and down.
"""

from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, ImageOps

HERE = Path(__file__).parent
WHITE, TEAL = (255, 255, 255), (0, 128, 128)


def picture(height: int, width: int) -> np.ndarray:
    """Smooth, and different in each corner and channel."""
    y = np.linspace(0, 1, height)[:, None]
    x = np.linspace(0, 1, width)[None, :]
    planes = [30 + 180 * x + 0 * y, 220 - 150 * y + 0 * x, 60 + 120 * x * y]
    return np.stack([np.broadcast_to(p, (height, width)) for p in planes], -1).round().astype("u1")


def save_all() -> None:
    rgb = picture(8, 12)
    alpha = np.broadcast_to(np.linspace(0, 255, 12).round().astype("u1"), (8, 12))
    image = Image.fromarray(rgb)
    grey = image.convert("L")
    clear = Image.fromarray(np.dstack([rgb, alpha]))
    image.save(HERE / "rgb.png")
    grey.save(HERE / "grey.png")
    clear.save(HERE / "rgba.png")
    Image.merge("LA", [grey, Image.fromarray(np.ascontiguousarray(alpha))]).save(
        HERE / "grey-alpha.png")
    image.quantize(16).save(HERE / "palette.png")
    Image.fromarray(rgb[..., 0].astype("u2") * 257).save(HERE / "grey16.png")
    image.save(HERE / "rgb.tiff", compression="tiff_lzw")
    image.save(HERE / "lossless.webp", lossless=True)
    image.save(HERE / "lossy.webp", quality=90)
    first, second = image.quantize(16), ImageOps.invert(image).quantize(16)
    first.save(HERE / "animated.gif", save_all=True, append_images=[second], duration=100)
    image.save(HERE / "baseline.jpg", quality=95, subsampling=0)
    image.save(HERE / "progressive.jpg", quality=95, subsampling=0, progressive=True)
    grey.save(HERE / "grey.jpg", quality=95)
    image.convert("CMYK").save(HERE / "cmyk.jpg", quality=95)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image.save(HERE / "profile.png", icc_profile=profile)
    for orientation in (3, 6, 8):
        exif = Image.Exif()
        exif[0x0112] = orientation
        image.save(HERE / f"orientation-{orientation}.jpg", quality=95, subsampling=0, exif=exif)
    Image.fromarray(picture(48, 80)).save(HERE / "wide.jpg", quality=95, subsampling=0)


def upright(name: str, ground: tuple[int, int, int]) -> Image.Image:
    image = Image.open(HERE / name)
    if image.mode.startswith("I"):
        return Image.fromarray((np.asarray(image) >> 8).astype("u1")).convert("RGB")
    image = ImageOps.exif_transpose(image)
    if image.mode in ("RGBA", "LA"):
        below = Image.new("RGBA", image.size, (*ground, 255))
        image = Image.alpha_composite(below, image.convert("RGBA"))
    return image.convert("RGB")


def expected(name, height, width, channels, fit, ground) -> np.ndarray:
    image = upright(name, ground)
    if image.size != (width, height):
        resize = ImageOps.fit if fit == "cover" else ImageOps.pad
        options = {} if fit == "cover" else {"color": ground}
        image = resize(image, (width, height), Image.Resampling.LANCZOS, **options)
    return np.asarray(image.convert("L") if channels == 1 else image)


EXACT, ROUNDED, LOSSY = (0, 0), (0.6, 1), (1.5, 6)
RESIZED, ENLARGED = (1, 9), (5, 12)
CASES = [
    ("rgb.png", 8, 12, 3, "cover", WHITE, EXACT),
    ("rgb.png", 8, 12, 1, "cover", WHITE, EXACT),
    ("grey.png", 8, 12, 3, "cover", WHITE, EXACT),
    ("grey.png", 8, 12, 1, "cover", WHITE, EXACT),
    ("rgba.png", 8, 12, 3, "cover", WHITE, ROUNDED),
    ("rgba.png", 8, 12, 3, "cover", TEAL, ROUNDED),
    ("grey-alpha.png", 8, 12, 3, "cover", TEAL, ROUNDED),
    ("palette.png", 8, 12, 3, "cover", WHITE, EXACT),
    ("grey16.png", 8, 12, 3, "cover", WHITE, EXACT),
    ("rgb.tiff", 8, 12, 3, "cover", WHITE, EXACT),
    ("lossless.webp", 8, 12, 3, "cover", WHITE, EXACT),
    ("lossy.webp", 8, 12, 3, "cover", WHITE, LOSSY),
    ("animated.gif", 8, 12, 3, "cover", WHITE, EXACT),
    ("baseline.jpg", 8, 12, 3, "cover", WHITE, LOSSY),
    ("progressive.jpg", 8, 12, 3, "cover", WHITE, LOSSY),
    ("grey.jpg", 8, 12, 3, "cover", WHITE, LOSSY),
    ("cmyk.jpg", 8, 12, 3, "cover", WHITE, LOSSY),
    ("profile.png", 8, 12, 3, "cover", WHITE, LOSSY),
    ("orientation-3.jpg", 8, 12, 3, "cover", WHITE, LOSSY),
    ("orientation-6.jpg", 12, 8, 3, "cover", WHITE, LOSSY),
    ("orientation-8.jpg", 12, 8, 3, "cover", WHITE, LOSSY),
    ("wide.jpg", 12, 12, 3, "cover", WHITE, RESIZED),
    ("wide.jpg", 10, 10, 3, "letterbox", TEAL, RESIZED),
    ("wide.jpg", 24, 12, 3, "cover", WHITE, RESIZED),
    ("wide.jpg", 20, 10, 1, "letterbox", WHITE, RESIZED),
    ("rgb.png", 16, 16, 3, "cover", WHITE, ENLARGED),
]


def main() -> None:
    save_all()
    lines = []
    for name, height, width, channels, fit, ground, (mean, largest) in CASES:
        pixels = expected(name, height, width, channels, fit, ground)
        colour = "".join(f"{part:02x}" for part in ground)
        fields = [name, height, width, channels, fit, colour, mean, largest, pixels.tobytes().hex()]
        lines.append("\t".join(str(field) for field in fields))
    (HERE / "references.tsv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
