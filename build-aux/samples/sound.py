# SPDX-License-Identifier: GPL-3.0-or-later
"""What the scenes sound like. Sounds are float arrays, one value a sample."""

import math

import numpy as np

RATE = 44100
Array = np.ndarray


def noise_band(seconds: float, low: float, high: float, seed: int) -> Array:
    n = int(seconds * RATE)
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(n))
    f = np.fft.rfftfreq(n, 1 / RATE)
    shape = np.exp(
        -((np.log2(np.maximum(f, 1) / math.sqrt(low * high)) / math.log2(high / low) * 2) ** 2)
    )
    sound = np.fft.irfft(spectrum * shape, n)
    return sound / np.abs(sound).max()


def swell(seconds: float, period: float, depth: float, phase: float = 0) -> Array:
    t = np.arange(int(seconds * RATE)) / RATE
    return 1 - depth / 2 + depth / 2 * np.sin(2 * math.pi * t / period + phase)


def pad(seconds: float, chords: list[list[float]], each: float) -> Array:
    """Slow chords of detuned sines, each fading into the next."""
    n = int(seconds * RATE)
    total = np.zeros(n)
    for k in range(math.ceil(seconds / each) + 1):
        start, length = int((k * each - each / 2) * RATE), int(each * 2 * RATE)
        first, last = max(start, 0), min(start + length, n)
        if first >= last:
            continue
        t = np.arange(first, last) / RATE
        shape = np.sin(math.pi * (np.arange(first, last) - start) / length) ** 2
        for f in chords[k % len(chords)]:
            for detune, level in ((0.9985, 0.5), (1.0015, 0.5), (2.001, 0.12), (0.5, 0.25)):
                total[first:last] += shape * level * np.sin(2 * math.pi * f * detune * t + f)
    return total / np.abs(total).max()


def plucks(seconds: float, scale: list[float], every: float, seed: int) -> Array:
    rng = np.random.default_rng(seed)
    n = int(seconds * RATE)
    total = np.zeros(n)
    at = every * 0.6
    note = len(scale) // 2
    while at < seconds - 2.5:
        note = int(np.clip(note + rng.integers(-2, 3), 0, len(scale) - 1))
        first = int(at * RATE)
        t = np.arange(min(n - first, 4 * RATE)) / RATE
        tone = sum(
            np.sin(2 * math.pi * scale[note] * h * t) * np.exp(-t * (1.1 + 0.9 * h)) / h**1.7
            for h in (1, 2, 3, 5)
        )
        total[first : first + len(t)] += tone * np.minimum(1, t * 180) * rng.uniform(0.5, 1)
        at += every * rng.choice([0.5, 1, 1, 1.5, 2])
    echo = np.zeros(n)
    for delay, level in ((0.31, 0.35), (0.62, 0.16), (0.93, 0.07)):
        k = int(delay * RATE)
        echo[k:] += total[:-k] * level
    total += echo
    return total / max(1e-9, np.abs(total).max())


PENTATONIC = [220 * 2 ** (k / 12) for k in (0, 3, 5, 7, 10, 12, 15, 17, 19, 22)]
MAJOR = [196 * 2 ** (k / 12) for k in (0, 2, 4, 7, 9, 12, 14, 16, 19, 21)]
DARK = [[110, 164.8, 261.6], [98, 146.8, 246.9], [87.3, 130.8, 220], [98, 146.8, 220]]
WARM = [[130.8, 196, 329.6], [146.8, 220, 293.7], [110, 164.8, 277.2], [116.5, 174.6, 293.7]]


def finish(sound: Array, level: float = 0.6) -> Array:
    fade = np.minimum(1, np.arange(len(sound)) / (1.5 * RATE))
    sound = sound * fade * fade[::-1]
    return sound / np.abs(sound).max() * level
