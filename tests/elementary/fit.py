"""fit.py: writes the coefficients of compiler/ops/elementary_polynomials.h: polynomials of least largest error, by mpmath's
Chebyshev fit. Prints the header. A row: name, the function that is fitted, interval, number of coefficients."""
from mpmath import mp, mpf, chebyfit, polyval, exp, log, sin, cos, asin, atan, asinh, atanh, tanh, sinh, sqrt, taylor, ln, pi

mp.dps = 80


def series(f, terms):
    """f near 0, where its formula cancels, by its Taylor series."""
    coefficients = taylor(f, 0, terms)[::-1]
    return lambda z: polyval(coefficients, z)


def odd(f):
    """(f(sqrt z) / sqrt z - 1) / z, for odd f with f'(0) = 1."""
    def g(z):
        if abs(z) < mpf(10) ** -18:
            z = mpf(10) ** -18
        x = sqrt(z)
        return (f(x) / x - 1) / z
    return g


def guard(g):
    return lambda z: g(z if abs(z) > mpf(10) ** -18 else mpf(10) ** -18)


rows = [
    ("exp", "(exp(r) - 1 - r) / r**2", guard(lambda r: (exp(r) - 1 - r) / r ** 2), (-ln(2) / 2 * mpf("1.001"), ln(2) / 2 * mpf("1.001")), 10),
    ("log", "(atanh(s) / s - 1) / s**2 * 2 in z = s**2", guard(lambda z: 2 * (atanh(sqrt(z)) / sqrt(z) - 1) / z), (mpf(0), mpf("0.0295")), 8),
    ("log5", "the same without its first term: (atanh(s) / s - 1 - z / 3) / z**2 * 2", guard(lambda z: 2 * (atanh(sqrt(z)) / sqrt(z) - 1 - z / 3) / z ** 2), (mpf(0), mpf("0.0295")), 7),
    ("sin", "(sin(r) / r - 1) / r**2 in z = r**2", odd(sin), (mpf(0), (pi / 4) ** 2 * mpf("1.001")), 6),
    ("cos", "(cos(r) - 1 + z / 2) / z**2 in z = r**2", guard(lambda z: (cos(sqrt(z)) - 1 + z / 2) / z ** 2), (mpf(0), (pi / 4) ** 2 * mpf("1.001")), 6),
    ("asin", "(asin(x) / x - 1) / x**2 in z = x**2", odd(asin), (mpf(0), mpf("0.2501")), 13),
    ("atan", "(atan(x) / x - 1) / x**2 in z = x**2", odd(atan), (mpf(0), mpf("0.1718")), 11),
    ("tanh", "(tanh(x) / x - 1) / x**2 in z = x**2", odd(tanh), (mpf(0), mpf("0.3026")), 10),
    ("sinh", "(sinh(x) / x - 1) / x**2 in z = x**2", odd(sinh), (mpf(0), mpf("1.001")), 7),
    ("asinh", "(asinh(x) / x - 1) / x**2 in z = x**2", odd(asinh), (mpf(0), mpf("0.2501")), 12),
    ("atanh", "(atanh(x) / x - 1) / x**2 in z = x**2", odd(atanh), (mpf(0), mpf("0.2501")), 14),
    ("cbrt", "cube root", lambda x: x ** (mpf(1) / 3), (mpf(1), mpf(8)), 6),
]

print("""/* elementary_polynomials.h: written by tests/elementary/fit.py. Coefficients from the constant term on. */
#ifndef MNP_OPS_ELEMENTARY_POLYNOMIALS_H
#define MNP_OPS_ELEMENTARY_POLYNOMIALS_H
""")
for name, words, f, interval, count in rows:
    coefficients, error = chebyfit(f, list(interval), count, error=True)
    print(f"/* {words}, within {float(error):.1e}. */")
    print(f"static const double {name}_terms[] = {{")
    values = [float(c).hex() for c in coefficients[::-1]]
    for i in range(0, count, 4):
        print("    " + ", ".join(values[i:i + 4]) + ("," if i + 4 < count else ""))
    print("};\n")
print("#endif")
