"""Everything in it is taken as it is: functions that are called, and ones that are not."""
import math

import numpy as np

from units import metres


def mean_filter(x, width):
    out = np.empty(len(x) - width + 1)
    for i in range(len(out)):
        out[i] = x[i:i + width].mean()
    return out


def rotate(points, angle, centre=None):
    c, s = math.cos(angle), math.sin(angle)
    if centre is None:
        centre = np.zeros(2)
    return (points - centre) @ np.array([[c, s], [-s, c]]) + centre


def clamp(x, low, high):
    if x < low:
        return low
    return high if x > high else x


def apply(f, x):
    return f(x) + 1.0


if __name__ == "__main__":
    print(mean_filter(np.arange(6) * metres(1.0), 3))
