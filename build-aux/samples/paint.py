# SPDX-License-Identifier: GPL-3.0-or-later
"""What the scenes are painted with. Pictures are float32 arrays, (height, width, 3), 0 to 1."""

import math
from collections.abc import Callable, Sequence

import cairo
import numpy as np
from PIL import Image, ImageFilter

Array = np.ndarray
# Where a drop falls, across and away, and when.
Drop = tuple[float, float, float]


def rgb(code: str) -> Array:
    return np.array([int(code[i : i + 2], 16) / 255 for i in (0, 2, 4)], np.float32)


def gradient(height: int, *stops: tuple[float, str]) -> Array:
    """A column of colours, (height, 1, 3), eased between the stops."""
    y = np.linspace(0, 1, height)
    at = [position for position, _ in stops]
    channels = [np.interp(y, at, [rgb(code)[i] for _, code in stops]) for i in range(3)]
    column = np.stack(channels, 1)
    kernel = np.hanning(max(3, height // 8 | 1))
    pad = len(kernel) // 2
    padded = np.pad(column, ((pad, pad), (0, 0)), mode="edge")
    smooth = [np.convolve(padded[:, i], kernel / kernel.sum(), "valid") for i in range(3)]
    return np.stack(smooth, 1).astype(np.float32)[:, None, :]


def grid(height: int, width: int) -> tuple[Array, Array]:
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    return x, y


def blob(x: Array, y: Array, cx: float, cy: float, radius: float) -> Array:
    return np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * radius * radius))[..., None]


def smoothstep(low: float, high: float, value: Array) -> Array:
    v = np.clip((value - low) / (high - low), 0, 1)
    return v * v * (3 - 2 * v)


def noise(height: int, width: int, cell: float, seed: int, octaves: int = 5) -> Array:
    """Fractal value noise, 0 to 1, which tiles from left to right."""
    rng = np.random.default_rng(seed)
    total = np.zeros((height, width), np.float32)
    weight = 1.0
    for octave in range(octaves):
        size = cell / 2**octave
        rows, columns = max(2, round(height / size)), max(2, round(width / size))
        values = rng.random((rows, columns)).astype(np.float32)
        values = np.concatenate([values[:, -2:], values, values[:, :2]], 1)
        image = Image.fromarray(values).resize(
            (round(width * (columns + 4) / columns), height), Image.Resampling.BICUBIC
        )
        start = round(width * 2 / columns)
        total += weight * np.asarray(image)[:, start : start + width]
        weight /= 2
    low, high = total.min(), total.max()
    return (total - low) / (high - low)


def paint(width: int, height: int, draw: Callable[[cairo.Context], None]) -> tuple[Array, Array]:
    """What draw draws, as premultiplied colour and alpha."""
    surface = cairo.ImageSurface(cairo.FORMAT_ARGB32, width, height)
    draw(cairo.Context(surface))
    surface.flush()
    data = np.ndarray((height, width, 4), np.uint8, bytes(surface.get_data()))
    data = data.astype(np.float32) / 255
    return data[..., 2::-1], data[..., 3:]


def over(base: Array, layer: tuple[Array, Array], strength: float = 1.0) -> Array:
    colour, alpha = layer
    return base * (1 - alpha * strength) + colour * strength


def source(context: cairo.Context, code: str, alpha: float = 1.0) -> None:
    context.set_source_rgba(*[float(v) for v in rgb(code)], alpha)


def hills(width: int, height: int, top: float, rough: float, seed: int) -> Array:
    """A soft-edged mask, (height, width, 1), of a row of hills whose ridge is near top."""
    rng = np.random.default_rng(seed)
    x = np.linspace(0, 2 * math.pi, width)
    ridge = np.full(width, top)
    for n in range(1, 9):
        ridge += (
            rough / n**1.25 * np.sin(n * x * 0.8 + rng.uniform(0, 6.28)) * rng.uniform(0.5, 1)
        )
    y = np.arange(height)[:, None]
    return np.clip(y - ridge[None, :] + 0.5, 0, 1).astype(np.float32)[..., None]


def trees(width: int, height: int, base: Array, seed: int, size: float, code: str):
    """A wood of soft round crowns along the line base (one y for each x)."""
    rng = np.random.default_rng(seed)

    def draw(context: cairo.Context) -> None:
        source(context, code)
        x = -size
        while x < width + size:
            r = size * rng.uniform(0.5, 1.15)
            y = base[int(np.clip(x, 0, width - 1))]
            for _ in range(9):
                dx, dy = rng.uniform(-0.6, 0.6) * r, rng.uniform(-0.45, 0.4) * r
                context.arc(x + dx, y - r * 0.7 + dy, r * rng.uniform(0.3, 0.5), 0, 6.3)
                context.fill()
            context.rectangle(x - r * 0.9, y - r * 0.5, r * 1.8, height)
            context.fill()
            x += r * rng.uniform(0.7, 1.2)

    return paint(width, height, draw)


def groves(width: int, height: int, spots: list[tuple[float, float, float]], seed: int):
    """Single groups of trees, (x, y, size) each, lit from the left."""
    rng = np.random.default_rng(seed)

    def draw(context: cairo.Context) -> None:
        for cx, cy, size in spots:
            crowns = [
                (
                    cx * width + rng.uniform(-2.4, 2.4) * size,
                    cy * height + rng.uniform(-0.25, 0.25) * size,
                    size * rng.uniform(0.6, 1),
                )
                for _ in range(8)
            ]
            for code, dx, grow in (
                ("2f5c37", 0, 1.0),
                ("44793f", -0.16, 0.82),
                ("639a4c", -0.34, 0.5),
            ):
                source(context, code)
                for x, y, r in crowns:
                    context.arc(x + dx * r, y - r * 0.9 + dx * r, r * grow, 0, 6.3)
                    context.fill()

    return paint(width, height, draw)


def spruces(width: int, height: int, base: Array, seed: int, size: float, code: str):
    """A wood of spruces with snow on their branches along the line base."""
    rng = np.random.default_rng(seed)

    def draw(context: cairo.Context) -> None:
        x = -size
        while x < width + size:
            tall = size * rng.uniform(1.4, 2.6)
            wide = tall * 0.27
            foot = base[int(np.clip(x, 0, width - 1))] + size * 0.3
            for tier in range(5):
                top, low = foot - tall * (1 - tier * 0.16), foot - tall * (0.72 - tier * 0.18)
                spread = wide * (0.34 + tier * 0.165)
                for colour, drop in ((code, 0.0), ("eef2f7", 0.42)):
                    source(context, colour)
                    edge = low - (low - top) * drop
                    reach = spread * (1 - drop)
                    context.move_to(x, top)
                    context.line_to(x + reach, edge)
                    context.line_to(x + reach * 0.3, edge - (low - top) * 0.12)
                    context.line_to(x, edge + (low - top) * 0.05)
                    context.line_to(x - reach * 0.4, edge - (low - top) * 0.1)
                    context.line_to(x - reach, edge)
                    context.fill()
            x += wide * rng.uniform(0.9, 1.9)

    return paint(width, height, draw)


def reeds(width: int, height: int, seed: int, spots: list[tuple[float, float]], code: str):
    """Reeds and bulrushes at the lower edge: (x, height) pairs; returns a painter by time."""
    rng = np.random.default_rng(seed)
    stems = [
        (
            x * width + rng.normal(0, 26),
            tall * height * rng.uniform(0.5, 1.1),
            rng.normal(0, 22),
            rng.random(),
        )
        for x, tall in spots
        for _ in range(13)
    ]

    def at(t: float) -> tuple[Array, Array]:
        def draw(context: cairo.Context) -> None:
            source(context, code)
            context.set_line_cap(cairo.LineCap.ROUND)
            for x, tall, lean, kind in stems:
                sway = lean + 5 * math.sin(t * 0.7 + x * 0.02) * tall / height * 2
                context.set_line_width(1.6 + 2 * kind)
                context.move_to(x, height + 4)
                context.curve_to(
                    x,
                    height - tall * 0.5,
                    x + sway * 0.4,
                    height - tall * 0.8,
                    x + sway,
                    height - tall,
                )
                context.stroke()
                if kind > 0.72:
                    context.set_line_width(9)
                    context.move_to(x + sway * 0.9, height - tall * 0.93)
                    context.line_to(x + sway * 0.7, height - tall * 0.8)
                    context.stroke()

        return paint(width, height, draw)

    return at


class Water:
    """A surface in perspective that mirrors what is above it."""

    def __init__(self, width: int, height: int, seed: int, calm: float = 1.0, reach: float = 1.0):
        rng = np.random.default_rng(seed)
        x, y = grid(height, width)
        self.depth = (y + 0.5) / height
        self.z = 1 / (self.depth + 0.035)
        self.x = (x - width / 2) / width * self.z * 1.6
        self.column, self.row = x, y
        self.reach = reach
        self.calm = calm
        self.trains = []
        for n in range(9):
            angle = rng.normal(0, 0.7)
            length = 0.16 * 1.45**n
            weight = np.exp(-((self.z * 0.016 / length) ** 2)) * length**0.75
            kx, kz = math.sin(angle) / length, math.cos(angle) / length
            phase = (kx * self.x + kz * self.z) * 2 * math.pi * 0.55 + rng.uniform(0, 6.28)
            self.trains.append((phase, 1.9 / math.sqrt(length) * 0.55, weight, math.sin(angle)))

    def slopes(self, t: float, drops: Sequence[Drop] = ()) -> tuple[Array, Array]:
        sx = np.zeros_like(self.z)
        sz = np.zeros_like(self.z)
        for phase, speed, weight, lean in self.trains:
            wave_ = np.cos(phase - speed * t) * weight
            sz += wave_
            sx += wave_ * lean
        sx *= self.calm
        sz *= self.calm
        for dx, dz, since in drops:
            age = t - since
            if not 0 < age < 9:
                continue
            rx, rz = self.x - dx, (self.z - dz) * 0.9
            r = np.sqrt(rx * rx + rz * rz) + 1e-3
            front = age * 0.5
            ring = np.exp(-(((r - front) / (0.16 + 0.05 * age)) ** 2)) * np.sin((r - front) * 24)
            ring *= 1.5 * math.exp(-age * 0.33) * min(1, age * 3)
            sx += ring * rx / r
            sz += ring * rz / r
        return sx, sz

    def mirror(self, above: Array, t: float, drops: Sequence[Drop] = ()) -> Array:
        sx, sz = self.slopes(t, drops)
        height = above.shape[0]
        scale = 15 * np.sqrt(self.depth)
        row = height - 1 - self.row * self.reach + sz * scale * 1.5 - scale * 0.4
        column = self.column + sx * scale * 1.2
        row = np.clip(np.abs(row), 0, height - 1)
        row = np.where(row > height - 1, 2 * (height - 1) - row, row)
        r0 = np.floor(row).astype(np.int32)
        r1 = np.minimum(r0 + 1, height - 1)
        part = (row - r0)[..., None]
        c = np.clip(column, 0, above.shape[1] - 1).astype(np.int32)
        return above[r0, c] * (1 - part) + above[r1, c] * part, sz


def soft(picture: Array, radius: float) -> Array:
    image = Image.fromarray((np.clip(picture, 0, 1) * 255).astype(np.uint8))
    return np.asarray(image.filter(ImageFilter.GaussianBlur(radius))).astype(np.float32) / 255
