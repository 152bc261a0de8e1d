# SPDX-License-Identifier: GPL-3.0-or-later
"""The scenes: each function returns one from seconds to a picture."""

import math
from collections.abc import Callable, Sequence

import cairo
import numpy as np
from PIL import Image

from samples.paint import (
    Array,
    Drop,
    Water,
    blob,
    gradient,
    grid,
    groves,
    hills,
    noise,
    over,
    paint,
    reeds,
    rgb,
    smoothstep,
    soft,
    source,
    spruces,
    trees,
)


Picture = Callable[[float], Array]


def ripples(width: int, height: int) -> Picture:
    horizon = int(height * 0.5)
    x, y = grid(horizon, width)
    sky = gradient(
        horizon, (0, "2b2a58"), (0.35, "6a4a80"), (0.65, "c8708a"), (0.86, "f3a47e"), (1, "ffd9a0")
    )
    sky = np.repeat(sky, width, 1)
    streaks = noise(horizon, width, 150, 4)
    streaks = np.asarray(
        Image.fromarray(streaks).resize((width * 3, horizon // 2), Image.Resampling.BICUBIC)
    )
    streaks = np.repeat(streaks[: horizon // 2, width : 2 * width], 2, 0)[:horizon]
    streaks = np.pad(streaks, ((0, horizon - len(streaks)), (0, 0)), mode="edge")
    cloud = smoothstep(0.48, 0.85, streaks)[..., None] * (0.3 + 0.7 * y[..., None] / horizon)
    sky = sky * (1 - 0.42 * cloud) + rgb("ffb59a") * 0.42 * cloud
    sun = width * 0.63, horizon * 0.86
    sky += rgb("ffb060") * 0.55 * blob(x, y, *sun, 120) + rgb("fff0c0") * 0.4 * blob(x, y, *sun, 34)
    disc = np.clip(22.5 - np.hypot(x - sun[0], y - sun[1]), 0, 1)[..., None]
    sky = sky * (1 - disc) + rgb("fff4d8") * disc
    for top, rough, seed, code, mist in (
        (0.80, 20, 3, "7d5880", 0.55),
        (0.88, 16, 8, "543f6b", 0.35),
        (0.95, 9, 5, "2d2749", 0.15),
    ):
        mask = hills(width, horizon, horizon * top, rough, seed)
        colour = (
            rgb(code) * (1 - mist * y[..., None] / horizon)
            + rgb("f3b08e") * mist * y[..., None] / horizon * 0.8
        )
        sky = sky * (1 - mask) + colour * mask
    sky = np.clip(sky, 0, 1)
    water = Water(width, height - horizon, 2, 0.75, 0.98)
    blurred = soft(sky, 1.2)
    rush = reeds(width, height, 12, [(0.03, 0.5), (0.09, 0.36), (0.95, 0.44)], "17142b")
    shade = (1 - 0.45 * np.linspace(0, 1, height - horizon) ** 0.8)[:, None, None].astype(
        np.float32
    )
    drops = [(-0.5, 3.4, 0.5), (0.9, 5.0, 5), (0.1, 2.5, 9.5), (-1.4, 5.5, 13), (0.7, 3.1, 16)]

    def at(t: float) -> Array:
        mirrored, sz = water.mirror(blurred, t + 20, drops_at(drops, t))
        mirrored = mirrored * shade + rgb("1c1838") * (1 - shade) * 0.7
        mirrored += np.clip(sz - 0.75, 0, 2)[..., None] * rgb("ffb98a") * 0.10
        return over(np.concatenate([sky, mirrored]), rush(t))

    return at


def drops_at(drops: Sequence[Drop], t: float) -> list[Drop]:
    """Drops keep the scene's time; the water's runs 20 s ahead, so that it is lively."""
    return [(x, z, since + 20) for x, z, since in drops if since < t]


def mill_house(
    context: cairo.Context,
    x: float,
    y: float,
    s: float,
    wall: str,
    roof: str,
    glow: str,
    lit: float,
) -> None:
    """A mill with its ground line at y and a scale of s; the wheel goes to its left."""
    context.save()
    context.translate(x, y)
    context.scale(s, s)
    source(context, wall)
    context.rectangle(0, -170, 190, 180)
    context.fill()
    context.rectangle(190, -110, 110, 120)
    context.fill()
    source(context, "000000", 0.10)
    for row in range(8):
        for column in range(7):
            shift = 14 if row % 2 else 0
            if (row * 5 + column * 3) % 4 < 2:
                context.rectangle(4 + column * 27 + shift, -166 + row * 22, 24, 18)
                context.fill()
    source(context, roof)
    context.move_to(-22, -165)
    context.line_to(95, -275)
    context.line_to(212, -165)
    context.fill()
    context.move_to(180, -108)
    context.line_to(200, -160)
    context.line_to(300, -160)
    context.line_to(322, -108)
    context.fill()
    context.rectangle(128, -282, 24, 60)
    context.fill()
    for wx, wy, ww, wh in (
        (34, -140, 30, 40),
        (120, -140, 30, 40),
        (222, -82, 28, 34),
        (80, -222, 24, 28),
    ):
        source(context, roof)
        context.rectangle(wx - 4, wy - 4, ww + 8, wh + 8)
        context.fill()
        source(context, glow, lit)
        context.rectangle(wx, wy, ww, wh)
        context.fill()
        source(context, roof)
        context.rectangle(wx + ww / 2 - 1.5, wy, 3, wh)
        context.rectangle(wx, wy + wh / 2 - 1.5, ww, 3)
        context.fill()
    source(context, roof)
    context.rectangle(120, -62, 40, 72)
    context.fill()
    context.restore()


def wheel(
    context: cairo.Context, x: float, y: float, r: float, angle: float, wood: str, dark: str
) -> None:
    context.save()
    context.translate(x, y)
    for layer, code in ((0.06, dark), (0, wood)):
        context.save()
        context.translate(r * layer, -r * layer * 0.4)
        context.rotate(angle)
        source(context, code)
        for k in range(16):
            context.save()
            context.rotate(k * math.pi / 8)
            context.rectangle(r * 0.80, -r * 0.025, r * 0.24, r * 0.05)
            context.fill()
            if k % 2 == 0:
                context.rectangle(0, -r * 0.028, r * 0.9, r * 0.056)
                context.fill()
            context.restore()
        for radius, line in ((0.97, 0.045), (0.78, 0.05)):
            context.set_line_width(r * line)
            context.arc(0, 0, r * radius, 0, 2 * math.pi)
            context.stroke()
        context.arc(0, 0, r * 0.13, 0, 2 * math.pi)
        context.fill()
        context.restore()
    source(context, dark)
    context.arc(0, 0, r * 0.05, 0, 2 * math.pi)
    context.fill()
    context.restore()


def mill(width: int, height: int) -> Picture:
    horizon = int(height * 0.70)
    x, y = grid(horizon, width)
    sky = np.repeat(
        gradient(horizon, (0, "4f86a6"), (0.4, "93b9bd"), (0.72, "f0d9b0"), (1, "f6c795")), width, 1
    )
    sky += rgb("ffd9a0") * 0.28 * blob(x, y, width * 0.2, horizon * 0.6, 190)
    far = hills(width, horizon, horizon * 0.62, 26, 21)
    sky = sky * (1 - far) + rgb("8fa89a") * far
    line = np.full(width, horizon * 0.80) + 10 * np.sin(np.linspace(0, 7, width))
    sky = over(sky, trees(width, horizon, line, 7, 46, "5d7f6c"))
    line = np.full(width, horizon * 0.93) + 8 * np.sin(np.linspace(1, 9, width))
    sky = over(sky, trees(width, horizon, line, 9, 58, "3d604f"))
    bank = hills(width, horizon, horizon * 0.965, 5, 4)
    sky = sky * (1 - bank) + rgb("4d6a43") * bank
    sky = over(
        sky,
        paint(
            width,
            horizon,
            lambda c: mill_house(
                c, width * 0.52, horizon - 6, 1.18, "b9a58c", "5b4038", "ffdf94", 0.95
            ),
        ),
    )
    sky = np.clip(sky, 0, 1)
    water = Water(width, height - horizon, 6, 0.6, 1.35)
    shade = (1 - 0.4 * np.linspace(0, 1, height - horizon))[:, None, None].astype(np.float32)
    hub = width * 0.52 - 62, horizon - 98.0, 112.0
    rng = np.random.default_rng(5)
    spray = rng.random((70, 3))
    leaves = reeds(width, height, 3, [(0.06, 0.3), (0.9, 0.22), (0.97, 0.34)], "24402f")

    def at(t: float) -> Array:
        def draw(context: cairo.Context) -> None:
            source(context, "4a372f")
            context.rectangle(0, hub[1] - hub[2] - 26, hub[0] - 6, 9)
            context.fill()
            for post in range(3):
                context.rectangle(50 + post * 130, hub[1] - hub[2] - 20, 9, horizon)
                context.fill()
            source(context, "cfe5ea", 0.85)
            context.rectangle(0, hub[1] - hub[2] - 30, hub[0], 5)
            context.fill()
            context.set_line_cap(cairo.LineCap.ROUND)
            for k in range(16):
                source(context, "e4f2f4", 0.30 + 0.08 * math.sin(t * 5 + k * 2.1))
                context.set_line_width(2.5)
                context.move_to(hub[0] - 4, hub[1] - hub[2] - 28 + k * 0.3)
                reach = 36 + k * 2.4
                context.curve_to(
                    hub[0] + reach * 0.5,
                    hub[1] - hub[2] - 27,
                    hub[0] + reach,
                    hub[1] - hub[2] * 0.6,
                    hub[0] + reach + 22,
                    hub[1] + hub[2] * 0.25 + 6 * math.sin(t * 3 + k),
                )
                context.stroke()
            wheel(context, *hub, t * 0.42, "6b4c39", "3a2a24")
            for a, b, c in spray:
                life = (a + t * (0.35 + 0.3 * b)) % 1
                source(context, "f2fbfc", 0.5 * (1 - life))
                context.arc(
                    hub[0] + 40 + (b - 0.4) * 120 * life,
                    horizon - 4 - 34 * c * math.sin(life * math.pi),
                    1.2 + 2 * c,
                    0,
                    6.3,
                )
                context.fill()

        above = over(sky, paint(width, horizon, draw))
        mirrored, sz = water.mirror(above, t + 20)
        mirrored = mirrored * shade * 0.92 + rgb("2c4a4c") * (1 - shade) * 0.8
        mirrored += np.clip(sz - 0.8, 0, 2)[..., None] * rgb("fff0d0") * 0.10
        return over(np.concatenate([above, mirrored]), leaves(t))

    return at


def night(width: int, height: int) -> Picture:
    horizon = int(height * 0.76)
    x, y = grid(horizon, width)
    sky = np.repeat(
        gradient(horizon, (0, "070b22"), (0.5, "10204a"), (0.85, "23466a"), (1, "3d6a7c")), width, 1
    )
    rng = np.random.default_rng(17)
    count = 240
    radius = np.sqrt(rng.random(count)) * width * 0.85
    angle = rng.random(count) * 2 * math.pi
    light = rng.random(count) ** 2.5 * 1.15 + 0.28
    tint = np.stack(
        [0.85 + 0.15 * rng.random(count), np.full(count, 0.92), 0.85 + 0.15 * rng.random(count)], 1
    )
    pole = width * 0.42, horizon * 0.30
    ridge = hills(width, horizon, horizon * 0.86, 16, 31)
    near = hills(width, horizon, horizon * 0.94, 6, 14)
    house = paint(
        width,
        horizon,
        lambda c: mill_house(
            c, width * 0.68, horizon - 4, 0.36, "0b1226", "060a18", "ffc56e", 0.95
        ),
    )
    water = Water(width, height - horizon, 5, 0.35, 1.5)
    band_x = (x - width * 0.5) * 0.55 + (y - horizon * 0.4) * 0.9

    def at(t: float) -> Array:
        picture = sky.copy()
        drift = t / 630
        aurora = np.zeros_like(x)
        for k, (base, wide, speed) in enumerate(((0.52, 60, 0.021), (0.40, 44, 0.033))):
            line = (
                horizon * base
                + 22 * np.sin(x / (90 + 40 * k) + t * speed)
                + 10 * np.sin(x / 37 - t * speed * 1.7)
            )
            up = np.exp(-np.maximum(line - y, 0) / wide) * smoothstep(-8, 6, line - y)
            aurora += (
                up
                * (0.6 + 0.4 * np.sin(x / (50 + 30 * k) - t * speed * 2.3))
                * (0.5 + 0.5 * math.sin(t * 0.02 + k))
            )
        picture += aurora[..., None] * (
            rgb("2fe0a0") * 0.46 + rgb("6a5cff") * 0.24 * (1 - y[..., None] / horizon)
        )
        picture += np.exp(-((band_x / 70) ** 2))[..., None] * rgb("8fa4ff") * 0.07
        turn = drift * 0.9
        for r, a, l, c in zip(radius, angle, light, tint):
            sx, sy = pole[0] + r * math.cos(a + turn), pole[1] + r * math.sin(a + turn)
            ix, iy = int(sx), int(sy)
            if not (2 <= ix < width - 3 and 2 <= iy < horizon - 3):
                continue
            gx = np.exp(-((np.arange(ix - 2, ix + 4) - sx) ** 2) / 0.9)
            gy = np.exp(-((np.arange(iy - 2, iy + 4) - sy) ** 2) / 0.9)
            picture[iy - 2 : iy + 4, ix - 2 : ix + 4] += (
                (gy[:, None] * gx[None, :])[..., None] * c * l
            )
        picture = picture * (1 - ridge) + rgb("14294a") * ridge
        picture = picture * (1 - near) + rgb("0a1530") * near
        picture = np.clip(over(picture, house), 0, 1)
        mirrored, _ = water.mirror(picture, 20 + t * 0.06)
        return np.concatenate([picture, mirrored * 0.78 + rgb("081226") * 0.12])

    return at


def koi(width: int, height: int) -> Picture:
    x, y = grid(height, width)
    deep = np.repeat(gradient(height, (0, "1d5a5c"), (0.5, "16494f"), (1, "0e3440")), width, 1)
    deep += (noise(height, width, 260, 9) - 0.5)[..., None] * rgb("2a6a62") * 0.5
    rng = np.random.default_rng(23)
    pads = [
        (0.16, 0.12, 92, 0.4),
        (0.44, 0.055, 60, 2.2),
        (0.90, 0.30, 84, 3.5),
        (0.08, 0.40, 54, 1.1),
        (0.86, 0.80, 108, 5.0),
        (0.55, 0.93, 74, 0.9),
        (0.12, 0.86, 66, 4.2),
        (0.97, 0.07, 70, 2.9),
    ]
    fish = [
        (0.0, 0.30, 0.26, 0.42, 62, "f3efe4", "e2582e"),
        (2.4, 0.24, 0.30, 0.55, 52, "f08a2c", "f9e6c8"),
        (4.1, 0.27, 0.22, 0.36, 56, "fbf7ee", "d8402c"),
        (5.4, 0.33, 0.18, 0.66, 44, "e9b04a", "fff1cf"),
    ]

    def body(
        context: cairo.Context,
        t: float,
        phase: float,
        speed: float,
        across: float,
        middle: float,
        size: float,
    ):
        def point(u: float) -> tuple[float, float]:
            a = phase + u * speed
            return (
                width * (0.5 + across * math.sin(a) + 0.05 * math.sin(2.3 * a)),
                height * (middle + 0.30 * math.sin(a * 0.5 + phase) + 0.04 * math.cos(1.7 * a)),
            )

        spine = []
        for k in range(15):
            back = k / 14
            px, py = point(t - back * size / 52)
            qx, qy = point(t - back * size / 52 - 0.05)
            heading = math.atan2(py - qy, px - qx)
            spine.append((px, py, heading, back))
        head = spine[0]
        line = []
        cx, cy = head[0], head[1]
        for k, (_, _, heading, back) in enumerate(spine):
            if k:
                step = size * 2.3 / 14
                cx, cy = cx - math.cos(heading) * step, cy - math.sin(heading) * step
            bend = math.sin(t * 3.4 * speed / 0.27 - back * 4.2 + phase) * size * 0.22 * back**1.4
            line.append(
                (cx - math.sin(heading) * bend, cy + math.cos(heading) * bend, heading, back)
            )
        return line

    def outline(context: cairo.Context, line, size: float, grow: float = 1.0) -> None:
        left, right = [], []
        for px, py, heading, back in line:
            w = (
                size
                * 0.36
                * grow
                * (math.sin(math.pi * min(1, back * 0.9 + 0.13)) ** 0.75)
                * (1 - 0.55 * back)
            )
            left.append((px - math.sin(heading) * w, py + math.cos(heading) * w))
            right.append((px + math.sin(heading) * w, py - math.cos(heading) * w))
        points = left + right[::-1]
        context.move_to(*points[0])
        for p in points[1:]:
            context.line_to(*p)
        context.close_path()

    def fin(context: cairo.Context, at, size: float, spread: float, length: float) -> None:
        px, py, heading, _ = at
        for side in (-1, 1):
            a = heading + math.pi + side * spread
            context.move_to(px, py)
            context.curve_to(
                px + math.cos(a - 0.5) * length * 0.6,
                py + math.sin(a - 0.5) * length * 0.6,
                px + math.cos(a - 0.2) * length,
                py + math.sin(a - 0.2) * length,
                px + math.cos(a) * length,
                py + math.sin(a) * length,
            )
            context.curve_to(
                px + math.cos(a + 0.2) * length,
                py + math.sin(a + 0.2) * length,
                px + math.cos(a + 0.5) * length * 0.6,
                py + math.sin(a + 0.5) * length * 0.6,
                px,
                py,
            )
            context.fill()

    def pad_shape(context: cairo.Context, px: float, py: float, r: float, a: float) -> None:
        context.move_to(px + math.cos(a) * r * 0.15, py + math.sin(a) * r * 0.15)
        context.arc(px, py, r, a + 0.22, a - 0.22 + 2 * math.pi)
        context.close_path()

    def lotus(context: cairo.Context, px: float, py: float, r: float) -> None:
        for count, reach, code in ((9, 1.0, "f6b6cf"), (8, 0.76, "fbd3e2"), (6, 0.5, "fff0f5")):
            for k in range(count):
                a = k * 2 * math.pi / count + reach * 2
                source(context, code, 0.96)
                tipx, tipy = px + math.cos(a) * r * reach, py + math.sin(a) * r * reach
                for side in (-1, 1):
                    context.move_to(px, py)
                    context.curve_to(
                        px + math.cos(a + 0.5 * side) * r * reach * 0.6,
                        py + math.sin(a + 0.5 * side) * r * reach * 0.6,
                        px + math.cos(a + 0.3 * side) * r * reach * 0.9,
                        py + math.sin(a + 0.3 * side) * r * reach * 0.9,
                        tipx,
                        tipy,
                    )
                    context.close_path()
                    context.fill()
        source(context, "f5c542")
        context.arc(px, py, r * 0.17, 0, 6.3)
        context.fill()

    rays = [
        (rng.uniform(0, 6.28), rng.uniform(0.012, 0.03), rng.uniform(0.3, 0.8)) for _ in range(6)
    ]

    def at(t: float) -> Array:
        caustic = np.zeros_like(x)
        for a, k, speed in rays:
            bend = 14 * np.sin((x * math.cos(a + 1) + y * math.sin(a + 1)) * 0.014 + t * speed)
            caustic += np.sin((x * math.cos(a) + y * math.sin(a) + bend) * k + t * speed)
        caustic = np.exp(-np.abs(caustic) * 1.6)[..., None]
        picture = deep + caustic * rgb("bfeee0") * 0.10

        def shadows(context: cairo.Context) -> None:
            source(context, "031a20", 0.42)
            for phase, speed, across, middle, size, _, _ in fish:
                line = body(context, t, phase, speed, across, middle, size)
                outline(context, [(px + 16, py + 26, h, b) for px, py, h, b in line], size)
                context.fill()
            source(context, "031a20", 0.40)
            for px, py, r, a in pads:
                pad_shape(context, px * width + 12, py * height + 20, r, a)
                context.fill()

        picture = over(picture, paint(width, height, shadows))

        def draw(context: cairo.Context) -> None:
            for phase, speed, across, middle, size, main, patch in fish:
                line = body(context, t, phase, speed, across, middle, size)
                source(context, main, 0.62)
                fin(context, line[4], size, 1.0 + 0.15 * math.sin(t * 2 + phase), size * 0.62)
                fin(context, line[14], size, 0.3 + 0.12 * math.sin(t * 3 + phase), size * 0.85)
                source(context, main)
                context.arc(*line[1][:2], size * 0.205, 0, 6.3)
                context.fill()
                outline(context, line, size)
                context.fill()
                context.save()
                outline(context, line, size, 0.98)
                context.clip()
                source(context, patch)
                for k, (index, r, off) in enumerate(
                    ((2, 0.30, 0.1), (6, 0.34, -0.16), (10, 0.2, 0.1))
                ):
                    px, py, heading, _ = line[index]
                    context.arc(
                        px - math.sin(heading) * off * size,
                        py + math.cos(heading) * off * size,
                        r * size,
                        0,
                        6.3,
                    )
                    context.fill()
                source(context, "ffffff", 0.22)
                context.set_line_width(size * 0.12)
                context.set_line_cap(cairo.LineCap.ROUND)
                context.move_to(*line[1][:2])
                for px, py, _, _ in line[2:12]:
                    context.line_to(px, py)
                context.stroke()
                context.restore()
                px, py, heading, _ = line[1]
                source(context, "1a1a1a")
                for side in (-1, 1):
                    context.arc(
                        px - math.sin(heading) * side * size * 0.15,
                        py + math.cos(heading) * side * size * 0.15,
                        size * 0.045,
                        0,
                        6.3,
                    )
                    context.fill()
            for k, (px, py, r, a) in enumerate(pads):
                px = px * width + 3 * math.sin(t * 0.5 + k)
                py = py * height + 3 * math.cos(t * 0.43 + k)
                a += 0.04 * math.sin(t * 0.3 + k)
                shade = cairo.RadialGradient(px - r * 0.3, py - r * 0.4, r * 0.1, px, py, r)
                shade.add_color_stop_rgb(0, *[float(v) for v in rgb("8fc46a")])
                shade.add_color_stop_rgb(1, *[float(v) for v in rgb("3f7f4c")])
                context.set_source(shade)
                pad_shape(context, px, py, r, a)
                context.fill_preserve()
                source(context, "b9dc8a", 0.5)
                context.set_line_width(2)
                context.stroke()
                source(context, "2f6a40", 0.5)
                context.set_line_width(1.6)
                for v in range(9):
                    va = a + 0.5 + v * 0.66
                    context.move_to(px, py)
                    context.line_to(px + math.cos(va) * r * 0.86, py + math.sin(va) * r * 0.86)
                    context.stroke()
            lotus(
                context,
                0.24 * width + 3 * math.sin(t * 0.5),
                0.165 * height + 3 * math.cos(t * 0.43),
                62,
            )
            lotus(
                context,
                0.80 * width + 3 * math.sin(t * 0.5 + 4),
                0.765 * height + 3 * math.cos(t * 0.43 + 4),
                50,
            )

        return over(picture, paint(width, height, draw))

    return at


def fireflies(width: int, height: int) -> Picture:
    horizon = int(height * 0.66)
    x, y = grid(horizon, width)
    sky = np.repeat(gradient(horizon, (0, "0c1830"), (0.55, "1d4252"), (1, "5c8a74")), width, 1)
    moon = width * 0.76, horizon * 0.2
    sky += rgb("dff0d8") * 0.22 * blob(x, y, *moon, 90)
    disc = np.clip(24.5 - np.hypot(x - moon[0], y - moon[1]), 0, 1)[..., None]
    sky = sky * (1 - disc) + rgb("f6f4dc") * disc
    for k, (base, size, code) in enumerate(
        ((0.72, 74, "2f5f5c"), (0.86, 70, "1c4546"), (0.97, 52, "102d33"))
    ):
        line = np.full(width, horizon * base) + 14 * np.sin(np.linspace(k, 5 + 2 * k, width))
        sky = over(sky, trees(width, horizon, line, 40 + k, size, code))
        mist = np.exp(-(((y - horizon * (base + 0.08)) / 40) ** 2))[..., None]
        sky += mist * rgb("9fd0b4") * 0.10
    sky = np.clip(sky, 0, 1)
    water = Water(width, height - horizon, 8, 0.5, 1.2)
    rush = reeds(
        width,
        height,
        30,
        [(0.05, 0.52), (0.14, 0.4), (0.88, 0.48), (0.96, 0.6), (0.5, 0.14)],
        "07171c",
    )
    rng = np.random.default_rng(6)
    flies = rng.random((46, 6))
    fx, fy = grid(49, 49)
    halo = (
        np.exp(-np.hypot(fx - 24, fy - 24) / 7) * 0.85
        + np.exp(-((fx - 24) ** 2 + (fy - 24) ** 2) / 9)
    )[..., None]
    halo *= np.clip(1.1 - np.hypot(fx - 24, fy - 24) / 24, 0, 1)[..., None]

    def at(t: float) -> Array:
        above = sky.copy()
        for a, b, c, d, e, f in flies:
            px = (
                a + 0.05 * math.sin(t * (0.2 + 0.3 * c) + 6 * d) + 0.02 * math.sin(t * 0.9 + 9 * e)
            ) * width
            py = (0.40 + 0.56 * b + 0.05 * math.sin(t * (0.3 + 0.3 * e) + 6 * c)) * horizon
            glow = max(0.0, math.sin(t * (0.7 + 0.8 * d) + 6.28 * f)) ** 1.5
            size = 0.45 + 0.55 * e
            ix, iy = int(px), int(py)
            if glow < 0.02 or not (25 <= ix < width - 25 and 25 <= iy < horizon - 25):
                continue
            above[iy - 24 : iy + 25, ix - 24 : ix + 25] += halo * rgb("f4ff8a") * glow * size
        above = np.clip(above, 0, 1)
        mirrored, _ = water.mirror(above, 20 + t * 0.5)
        return over(np.concatenate([above, mirrored * 0.68 + rgb("0a2226") * 0.25]), rush(t))

    return at


def rain(width: int, height: int) -> Picture:
    x, y = grid(height, width)
    cx, cy = width / 2, height * 0.5
    r = np.hypot(x - cx, y - cy)
    back = np.repeat(gradient(height, (0, "1f3347"), (0.55, "35566a"), (1, "5b7f86")), width, 1)
    back += rgb("ffd7a0") * 0.16 * blob(x, y, width * 0.5, height * 0.5, 150)
    marks = np.random.default_rng(2).random((26, 3))

    def at(t: float) -> Array:
        picture = back.copy()
        for k in range(6):
            radius = 30 + k * 30 + 4 * math.sin(t * 0.5 - k * 0.8)
            line = np.clip(1.6 - np.abs(r - radius), 0, 1)[..., None]
            picture += (
                line
                * rgb("f3e6cc")
                * (0.62 - 0.085 * k)
                * (0.8 + 0.2 * math.sin(t * 0.5 - k * 0.8))
            )
        drop = np.clip(9 - np.hypot(x - cx, y - cy), 0, 1)[..., None]
        picture = picture * (1 - drop) + rgb("ffe9c4") * drop

        def draw(context: cairo.Context) -> None:
            context.set_line_cap(cairo.LineCap.ROUND)
            for a, b, c in marks:
                fall = (b + t * 0.02 * (1 + c)) % 1.1 - 0.05
                source(context, "dfeef2", 0.16 + 0.16 * c)
                context.set_line_width(1.4)
                context.move_to(a * width, fall * height)
                context.line_to(a * width - 2, fall * height + 16 + 14 * c)
                context.stroke()

        return over(picture, paint(width, height, draw))

    return at


def clouds(width: int, height: int) -> Picture:
    x, y = grid(height, width)
    sky = np.repeat(
        gradient(height, (0, "2f74b5"), (0.45, "7db4dd"), (0.75, "d6e8ee"), (1, "eef3ea")), width, 1
    )
    wide = width * 2
    layers = []
    for cell, seed, low, high, speed in ((300, 17, 0.52, 0.68, 7.0), (240, 21, 0.56, 0.70, 13.0)):
        field = noise(height // 2 + 60, wide // 2, cell / 2, seed, 5)
        field = np.asarray(
            Image.fromarray(field).resize((wide, height + 120), Image.Resampling.BICUBIC)
        )
        above = field[60 - 16 : 60 - 16 + height]
        field = field[60 : 60 + height]
        fade = smoothstep(1.0, 0.35, np.linspace(0, 1.5, height))[:, None]
        cover = smoothstep(low, high, field * (0.8 + 0.2 * fade)) * fade
        light = np.clip(0.80 + (field - above) * 2.6, 0, 1)
        layers.append((cover[..., None], light[..., None], speed))
    slopes = []
    for top, rough, seed, far, near_ in (
        (0.66, 34, 2, "9db9c0", "a9c2b4"),
        (0.72, 30, 12, "7fa58f", "93b886"),
        (0.80, 34, 29, "5f9462", "8fb45e"),
        (0.90, 26, 33, "4a8046", "6d9c46"),
    ):
        mask = hills(width, height, height * top, rough, seed)
        tone = np.clip((y - height * (top - 0.04)) / (height * 0.2), 0, 1)[..., None]
        slopes.append((mask, rgb(far) * (1 - tone) + rgb(near_) * tone))
    wood = groves(
        width,
        height,
        [
            (0.12, 0.80, 13),
            (0.19, 0.815, 11),
            (0.42, 0.80, 12),
            (0.71, 0.83, 15),
            (0.79, 0.835, 12),
            (0.93, 0.82, 10),
            (0.55, 0.90, 19),
        ],
        19,
    )
    shadow = noise(height, wide, 380, 8, 3)

    def shifted(field: Array, offset: float) -> Array:
        whole = int(offset)
        part = offset - whole
        take = np.arange(width)
        return (
            field[:, (take + whole) % wide] * (1 - part)
            + field[:, (take + whole + 1) % wide] * part
        )

    def at(t: float) -> Array:
        picture = sky.copy()
        for cover, light, speed in layers:
            c = shifted(cover, 400 + t * speed)
            l = shifted(light, 400 + t * speed)
            picture = picture * (1 - c) + (rgb("9fb2c8") * (1 - l) + rgb("ffffff") * l) * c
        shade = 1 - 0.22 * smoothstep(0.45, 0.7, shifted(shadow, 100 + t * 16))[..., None]
        for k, (mask, colour) in enumerate(slopes):
            picture = picture * (1 - mask) + colour * shade * mask
            if k == 2:
                picture = over(picture, wood)
        return picture

    return at


def boat(width: int, height: int) -> Picture:
    horizon = int(height * 0.36)
    x, y = grid(horizon, width)
    sky = np.repeat(gradient(horizon, (0, "8fc7c9"), (0.5, "cfe3d2"), (1, "fbe7c8")), width, 1)
    sky += rgb("fff0c0") * 0.3 * blob(x, y, width * 0.3, horizon * 0.8, 130)
    for k, (base, size, code) in enumerate(((0.84, 52, "a5cbbb"), (0.96, 40, "78ab9b"))):
        line = np.full(width, horizon * base) + 8 * np.sin(np.linspace(k * 2, 5 + 3 * k, width))
        sky = over(sky, trees(width, horizon, line, 50 + k, size, code))
        sky += (
            np.exp(-(((y - horizon * (base + 0.06)) / 22) ** 2))[..., None] * rgb("fff4dc") * 0.22
        )
    sky = np.clip(sky, 0, 1)
    rows = height - horizon
    water = Water(width, rows, 13, 0.85, 0.55)
    shade = (1 - 0.5 * np.linspace(0, 1, rows) ** 0.9)[:, None, None].astype(np.float32)
    stems = reeds(width, height, 61, [(0.02, 0.52), (0.97, 0.42)], "2f5d55")

    def ship(context: cairo.Context, mirrored: bool) -> None:
        flip = -1 if mirrored else 1
        dim = 0.62 if mirrored else 1.0

        def fill(code: str, *points: tuple[float, float]) -> None:
            source(context, code, dim)
            context.move_to(points[0][0], points[0][1] * flip)
            for px, py in points[1:]:
                context.line_to(px, py * flip)
            context.close_path()
            context.fill()

        fill("ffffff", (0, -118), (-62, -34), (0, -14))
        fill("dfe6ea", (0, -118), (62, -34), (0, -14))
        fill("f4f6f6", (-128, -60), (-84, 10), (0, 10), (0, -14), (-62, -34))
        fill("d2dbe1", (128, -60), (84, 10), (0, 10), (0, -14), (62, -34))
        fill("e9eef0", (-128, -60), (-30, -8), (0, 10), (-84, 10))
        fill("c3ced6", (128, -60), (30, -8), (0, 10), (84, 10))
        source(context, "d9573f", dim)
        context.set_line_width(4)
        context.move_to(-108, -27 * flip)
        context.line_to(-52, -1 * flip)
        context.stroke()

    def at(t: float) -> Array:
        px = width * (0.30 + 0.40 * t / 24)
        py = height * 0.66 + 5 * math.sin(t * 1.1)
        tilt = 0.07 * math.sin(t * 0.9) + 0.02 * math.sin(t * 2.3)
        wake = [
            ((px - width / 2 - 130) / width * 1.6 * 1.7, 1.75, t + 20 - k) for k in (0.4, 1.6, 2.8)
        ]
        mirrored, sz = water.mirror(sky, t + 20, wake)
        mirrored = mirrored * shade + rgb("1f6a70") * (1 - shade)
        mirrored += np.clip(sz - 0.5, 0, 2)[..., None] * rgb("fff2d8") * 0.11
        mirrored += np.clip(-sz - 0.6, 0, 2)[..., None] * rgb("0f4a58") * -0.06

        def reflection(context: cairo.Context) -> None:
            context.translate(px, py - horizon + 16)
            context.rotate(-tilt)
            ship(context, True)

        colour, alpha = paint(width, rows, reflection)
        shift = (sz * 7).astype(np.int32)
        gx, gy = np.arange(width)[None, :], np.arange(rows)[:, None]
        cols = np.clip(gx + shift, 0, width - 1)
        mirrored = over(mirrored, (colour[gy, cols], alpha[gy, cols]), 0.55)
        picture = np.concatenate([sky, mirrored])

        def draw(context: cairo.Context) -> None:
            context.translate(px, py)
            context.rotate(tilt)
            ship(context, False)

        return over(over(picture, paint(width, height, draw)), stems(t))

    return at


def tides(width: int, height: int) -> Picture:
    horizon = int(height * 0.52)
    x, y = grid(horizon, width)
    sky = np.repeat(
        gradient(horizon, (0, "0d1233"), (0.5, "27305f"), (0.82, "5d5a86"), (1, "a58a9c")), width, 1
    )
    veil = noise(horizon, width, 260, 15)
    stars = np.random.default_rng(9).random((90, 3))
    for a, b, c in stars:
        px, py = a * width, b * horizon * 0.7
        ix, iy = int(px), int(py)
        if 3 <= ix < width - 4 and 3 <= iy < horizon - 4:
            gx = np.exp(-((np.arange(ix - 2, ix + 4) - px) ** 2) / 0.8)
            gy = np.exp(-((np.arange(iy - 2, iy + 4) - py) ** 2) / 0.8)
            sky[iy - 2 : iy + 4, ix - 2 : ix + 4] += (gy[:, None] * gx)[..., None] * (
                0.15 + 0.6 * c**2
            )
    far = hills(width, horizon, horizon * 0.97, 12, 44)
    water = Water(width, height - horizon, 11, 0.45, 0.95)
    maria = noise(160, 160, 60, 3, 4)

    def at(t: float) -> Array:
        rise = horizon * (0.66 - 0.022 * t)
        px, radius = width * 0.5 + 2 * t, 58
        above = (
            sky
            + rgb("ffdcb0") * 0.30 * blob(x, y, px, rise, 150)
            + rgb("ffe9c8") * 0.20 * blob(x, y, px, rise, 75)
        )
        distance = np.hypot(x - px, y - rise)
        disc = np.clip(radius - distance, 0, 1)[..., None]
        my = np.clip(y - rise + 80, 0, 159).astype(np.int32)
        mx = np.clip(x - px + 80, 0, 159).astype(np.int32)
        face = 1 - 0.16 * smoothstep(0.45, 0.7, maria[my, mx])[..., None]
        above = above * (1 - disc) + rgb("fff1d2") * face * disc
        bar = (
            smoothstep(0.55, 0.8, np.roll(veil, int(t * 3), 1))[..., None]
            * (y[..., None] / horizon)
            * 0.5
        )
        above = above * (1 - bar) + rgb("4a4770") * bar
        above = np.clip(above * (1 - far) + rgb("1c1f42") * far, 0, 1)
        mirrored, sz = water.mirror(above, t + 20)
        path = np.exp(-(((water.column - px) / (70 + 190 * water.depth)) ** 2))
        sparkle = np.clip(sz - 0.35, 0, 1.6) * path * (1 - 0.75 * water.depth)
        mirrored = mirrored * 0.78 + rgb("141a3c") * 0.16 + sparkle[..., None] * rgb("ffe3b0") * 0.5
        return np.concatenate([above, mirrored])

    return at


def snow(width: int, height: int) -> Picture:
    horizon = int(height * 0.74)
    x, y = grid(horizon, width)
    sky = np.repeat(
        gradient(horizon, (0, "5b6f93"), (0.5, "93a3bd"), (0.85, "d8c8c6"), (1, "ecd9cf")), width, 1
    )
    for top, rough, seed, code in ((0.58, 28, 6, "a9b5c8"), (0.70, 26, 13, "c3ccd9")):
        mask = hills(width, horizon, horizon * top, rough, seed)
        sky = sky * (1 - mask) + rgb(code) * mask
    line = np.full(width, horizon * 0.88) + 10 * np.sin(np.linspace(0, 8, width))
    sky = over(sky, spruces(width, horizon, line - 14, 71, 34, "8795ad"))
    sky = over(sky, spruces(width, horizon, line + 6, 74, 52, "5f7190"))
    bank = hills(width, horizon, horizon * 0.94, 8, 3)
    sky = sky * (1 - bank) + rgb("f2f4f8") * bank

    def house(context: cairo.Context) -> None:
        mill_house(context, width * 0.56, horizon - 8, 1.1, "7a6d6a", "4b4450", "ffd27a", 1)
        context.translate(width * 0.56, horizon - 8)
        context.scale(1.1, 1.1)
        source(context, "f7f9fc")
        for points in (
            ((-26, -163), (95, -284), (216, -163), (204, -160), (95, -262), (-14, -160)),
            ((178, -106), (199, -166), (301, -166), (324, -106), (300, -118), (210, -118)),
        ):
            context.move_to(*points[0])
            for p in points[1:]:
                context.line_to(*p)
            context.close_path()
            context.fill()
        wheel(context, -56, -84, 96, 0.3, "5a4c4c", "3c3438")

    sky = np.clip(over(sky, paint(width, horizon, house)), 0, 1)
    water = Water(width, height - horizon, 3, 0.3, 1.3)
    flakes = np.random.default_rng(12).random((260, 4))

    def at(t: float) -> Array:
        mirrored, _ = water.mirror(sky, 20 + t * 0.3)
        picture = np.concatenate([sky, mirrored * 0.75 + rgb("4f6384") * 0.22])

        def draw(context: cairo.Context) -> None:
            for a, b, c, d in flakes:
                fall = (b + t * (0.03 + 0.05 * c)) % 1.05
                px = (a + 0.02 * math.sin(t * 0.6 + 9 * d)) * width
                source(context, "ffffff", 0.45 + 0.5 * c)
                context.arc(px, fall * height, 1.2 + 3.2 * c * c, 0, 6.3)
                context.fill()

        return over(picture, paint(width, height, draw))

    return at
