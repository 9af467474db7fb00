"""Spectra of a signal."""
import argparse
import os
from typing import Optional

import matplotlib.pyplot as plt
import numpy as np
from numpy.fft import rfft
from scipy import signal

RATE = 100.0
COLORS = {"a": 1, "b": 2}


class Filter:
    """A filter of one pole."""

    def __init__(self, alpha=0.5):
        self.alpha = alpha
        self.state = 0.0

    def step(self, x):
        self.state = self.alpha * x + (1 - self.alpha) * self.state
        with open("log.txt", "a") as log:
            log.write("step")
        return self.state


def smooth(x: np.ndarray, width: int = 5) -> np.ndarray:
    kernel = np.ones(width) / width
    return np.convolve(x, kernel, mode="same")


def detrend(x):
    t = np.arange(len(x))
    a, b = np.polyfit(t, x, 1)
    return x - (a * t + b)


def power(img, n, eps=1e-9):
    h, w = img.shape
    out = np.zeros((h, w))
    for i in range(h):
        for j in range(w):
            out[i, j] = img[i, j] ** n + eps
    return out


def load(path: str, *args, **kwargs):
    try:
        data = np.genfromtxt(path, delimiter=",")
    except OSError:
        print("no such file: %s" % path)
        raise
    finally:
        print("done")
    return data


def windowed(x, kind="hann", out: Optional[np.ndarray] = None):
    if kind == "hann":
        w = np.hanning(len(x))
    elif kind == "box":
        w = np.ones(len(x))
    else:
        raise ValueError(f"no such window: {kind}")
    if out is None:
        out = np.empty_like(x)
    out[:] = x * w
    return out


def evens(n):
    for i in range(n):
        yield 2 * i


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("path")
    args = parser.parse_args()
    x = load(args.path)
    y = smooth(detrend(x))
    plt.plot(y)
    plt.show()
    best = {}
    for i, v in enumerate(y):
        best[i] = v
    print(sorted(best.items()))


if __name__ == "__main__":
    main()
