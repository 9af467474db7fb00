import numpy as np

print "hello"

def total(x):
    n = 0.0
    for v in x
        n += v
    return n

def other(x):
    with np.errstate(all="ignore"):
        y = 1.0 / x
    return y.dumps()


def empty():
    return np.indices(())


chosen = other


class Holder:
    def get(self):
        return chosen(self)
