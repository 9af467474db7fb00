#!/usr/bin/env python3
"""Programs with much of one thing: each does what CPython does, or is refused with a place.

usage: tests/limits.py MNP WORK [COUNT...]

Every limit inside the compiler is to be a message, or not to be felt. A program here has many variables, parameters,
results, operands, clauses and so on, more than any table of a fixed size holds.
"""
import os
import re
import subprocess
import sys

import numpy2   # NumPy 2 is there, or the test is skipped

HEAD = "from __future__ import annotations\nimport sys\nimport numpy as np\nn = 3 + len(sys.argv)\n"
PLACE = re.compile(r"\.mnp:\d+:\d+: error\[E\d{4}\]: ")
STATUSES = (1, 3)   # an error, and what is not supported


def lines(count, text):
    """A line for each number: `{i}` is the number, `{before}` the one before."""
    return "".join(text.format(i=i, before=max(i - 1, 0)) + "\n" for i in range(count))


def joined(count, text, between=", "):
    return between.join(text.format(i=i) for i in range(count))


def indented(depth, opening, innermost):
    text = ""
    for i in range(depth):
        text += "    " * i + opening.format(i=i) + "\n"
    return text + "    " * depth + innermost + "\n"


PROGRAMS = {
    "carried variables": lambda k: lines(k, "a{i} = {i}") + "for r in range(n):\n" + lines(k, "    a{i} = a{i} + r * {i}")
        + f"print({joined(k, 'a{i}')})\n",
    "joined variables": lambda k: "if n > 3:\n" + lines(k, "    a{i} = {i}") + "else:\n" + lines(k, "    a{i} = -{i}")
        + f"print([{joined(k, 'a{i}')}])\n",
    "carried arrays": lambda k: lines(k, "a{i} = np.ones(n) * {i}") + "for r in range(n):\n"
        + lines(k, "    a{i} = a{i} + r") + f"print({joined(k, 'a{i}[0]', ' + ')})\n",
    "parameters": lambda k: f"def f({joined(k, 'p{i}')}):\n    return {joined(k, 'p{i}', ' + ')}\n"
        + f"print(f({joined(k, 'n + {i}')}))\n",
    "annotated parameters": lambda k: f"def f({joined(k, 'p{i}: float')}) -> float:\n    return {joined(k, 'p{i}', ' + ')}\n"
        + f"print(f({joined(k, 'n + {i}.5')}))\n",
    "array parameters": lambda k: f"def f({joined(k, 'p{i}')}):\n    return {joined(k, 'p{i}.sum()', ' + ')}\n"
        + lines(k, "a{i} = np.arange(n + {i})") + f"print(f({joined(k, 'a{i}')}))\n",
    "named sizes": lambda k: f"def f({joined(k, 'p{i}: f64[n{i}, 2]')}):\n    return {joined(k, 'p{i}[0]', ' + ')}\n"
        + lines(k, "a{i} = np.ones((n + {i}, 2))") + f"print(f({joined(k, 'a{i}')}))\n",
    "results": lambda k: f"def f(x):\n    return {joined(k, 'x + {i}')}\n" + f"{joined(k, 'r{i}')} = f(n)\nprint({joined(k, 'r{i}')})\n",
    "array results": lambda k: f"def f(x):\n    return {joined(k, 'np.ones(x) * {i}')}\nr = f(n)\nprint(r[0], r[{k - 1}].sum())\n",
    "globals of a function": lambda k: lines(k, "g{i} = np.arange(n) * {i}") + "def f():\n    return "
        + joined(k, "g{i}[0]", " + ") + "\nprint(f())\n",
    "globals written": lambda k: lines(k, "g{i} = {i}") + "def f():\n" + lines(k, "    global g{i}\n    g{i} += n")
        + f"f()\nprint({joined(k, 'g{i}')})\n",
    "functions": lambda k: lines(k, "def f{i}(x):\n    return x + {i}") + "t = 0\n" + lines(k, "t += f{i}(n)") + "print(t)\n",
    "a chain of calls": lambda k: "def f0(x):\n    return x\n" + "".join(
        f"def f{i}(x):\n    return f{i - 1}(x) + 1\n" for i in range(1, k)) + f"print(f{k - 1}(n))\n",
    "nested functions": lambda k: indented(min(k, 90), "def f{i}(x):", "return x") + "".join(
        "    " * d + f"return f{d}(x) + 1\n" for d in range(min(k, 90) - 1, 0, -1)) + "print(f0(n))\n",
    "nested lambdas": lambda k: f"f = {'lambda x: (' * 1}{joined(k, 'x', ' + ')})\nprint(f(n))\n",
    "nested ifs": lambda k: indented(min(k, 95), "if n > {i} - 95:", "print(n)"),
    "nested loops": lambda k: "t = 0\n" + indented(min(k, 18), "for i{i} in range(1 + n // 4):", "t += i0 + 1") + "print(t)\n",
    "nested whiles": lambda k: "t = 0\n" + indented(min(k, 18), "while t < n + {i}:", "t += 1") + "print(t)\n",
    "elifs": lambda k: "if n == -1:\n    print('no')\n" + lines(k, "elif n == {i} + 1:\n    print({i})"),
    "parentheses": lambda k: f"print({'(' * k}n{')' * k})\n",
    "unary operators": lambda k: f"print({'-' * k}n, {'not ' * k}n)\n",
    "terms": lambda k: f"print({joined(k, 'n * {i}', ' + ')}, {joined(k, 'n * 0.5', ' - ')})\n",
    "terms of arrays": lambda k: f"a = np.arange(n) * 0.5\nprint({joined(k, 'a * {i}', ' + ')})\n",
    "factors": lambda k: f"a = np.ones(n)\nprint({joined(k, 'a', ' * ')}, {joined(k, 'n', ' * ')} if n < 2 else 0)\n",
    "operands of and": lambda k: f"print({joined(k, 'n > -{i}', ' and ')}, {joined(k, 'n > {i} + 9', ' or ')})\n",
    "compared in a chain": lambda k: f"print({joined(k, 'n', ' <= ')})\n",
    "conditional expressions": lambda k: "print(" + "".join(f"{i} if n == {i} + 90 else " for i in range(k)) + "n)\n",
    "indices in an index": lambda k: f"a = np.arange(n)\nfor i in range(n):\n    print(a[({joined(k, 'i', ' + ')}) % n])\n",
    "sizes in a size": lambda k: lines(k, "m{i} = n + {i}") + f"a = np.zeros({joined(k, 'm{i}', ' + ')})\nprint(a.shape)\n",
    "a product of sizes": lambda k: lines(k, "m{i} = n - 3") + f"a = np.zeros({joined(k, 'm{i}', ' * ')})\nprint(a.shape)\n",
    "extremes of sizes": lambda k: lines(k, "m{i} = n + {i}") + f"a = np.zeros(min({joined(k, 'm{i}')}))\nprint(a.shape, a[n - 1])\n",
    "facts": lambda k: "def f(i, a):\n" + lines(k, "    if i == {i} + 9:\n        return {i}.0") + "    return a[i]\n"
        + "print(f(2, np.arange(n) * 0.5))\n",
    "asserts": lambda k: "def f(i, a):\n" + lines(k, "    assert i + {i} < len(a) + {i}") + "    return a[i]\n"
        + "print(f(2, np.arange(n) * 0.5))\n",
    "a list literal": lambda k: f"x = [{joined(k, 'n + {i}')}]\nprint(x, len(x), sum(x))\n",
    "a tuple literal": lambda k: f"x = ({joined(k, 'n + {i}')})\nprint(x, x[{k // 2}])\n",
    "nested tuples": lambda k: f"x = {'(' * min(k, 90)}n{',)' * min(k, 90)}\nprint(x)\n",
    "an array literal": lambda k: f"x = np.array([{joined(k, 'n + {i}')}])\nprint(x.sum(), x.shape)\n",
    "a table": lambda k: f"x = np.array([{joined(k, '[n, {i}, {i} * 2]')}])\nprint(x.sum(axis=0), x.shape)\n",
    "printed values": lambda k: f"print({joined(k, 'n + {i}')}, sep='-')\n",
    "parts of a string": lambda k: f"print(f'{joined(k, '{{n + {i}}}:')}')\n",
    "a long string": lambda k: f"x = '{'word ' * k * 10}'\nprint(len(x), x)\n",
    "a long name": lambda k: f"{'x' * k * 10} = n\nprint({'x' * k * 10})\n",
    "strings": lambda k: lines(k, "s{i} = f'{{n}} {i}'") + f"print({joined(k, 's{i}', ' + ')})\n",
    "conditions of a comprehension": lambda k: f"print([i for i in range(20) {joined(k, 'if i != {i}', ' ')}])\n",
    "clauses of a comprehension": lambda k: f"print([i0 {joined(min(k, 30), 'for i{i} in range(1)', ' ')}])\n",
    "targets": lambda k: f"{joined(k, 'a{i}', ' = ')} = n\nprint({joined(k, 'a{i}', ' + ')})\n",
    "unpacked": lambda k: f"{joined(k, 'a{i}')} = {joined(k, 'n * {i}')}\nprint({joined(k, 'a{i}', ' - ')})\n",
    "zipped": lambda k: lines(k, "a{i} = [{i}, n]") + f"for {joined(k, 'b{i}')} in zip({joined(k, 'a{i}')}):\n    print({joined(k, 'b{i}', ' + ')})\n",
    "smallest of many": lambda k: f"print(min({joined(k, 'n + {i}')}), max({joined(k, 'n * {i}')}))\n",
    "joined arrays": lambda k: f"a = np.arange(n)\nprint(np.concatenate([{joined(k, 'a + {i}')}]).sum(), np.stack(({joined(k, 'a')})).shape)\n",
    "chosen arrays": lambda k: f"a = np.arange(n)\nprint(np.select([{joined(k, 'a == {i}')}], [{joined(k, 'a * {i}')}], -1))\n",
    "broadcast arrays": lambda k: f"a = np.arange(n)\nr = np.broadcast_arrays({joined(k, 'a')})\nprint(r[0].shape, len(r))\n",
    "axes": lambda k: f"print(np.zeros(({joined(min(k, 12), '1')})).shape)\n",
    "slices of slices": lambda k: f"a = np.arange(1000)\nb = a{'[1:]' * k}\nprint(b[0], len(b))\n",
    "methods of methods": lambda k: f"a = np.arange(n)\nprint(a{'.copy()' * k})\n",
    "attributes": lambda k: f"a = np.ones((2, n))\nprint(a{'.T' * k})\n",
    "statements": lambda k: lines(k, "x{i} = n + {i}\nprint(x{i})"),
    "arrays in statements": lambda k: "a = np.ones(n)\n" + lines(k, "b{i} = a * {i}\na = a + b{i}") + "print(a)\n",
    "returns": lambda k: "def f(x):\n" + lines(k, "    if x == {i}:\n        return {i} * 2") + "    return -1\nprint(f(n), f(-5))\n",
    "defaults": lambda k: f"def f({joined(k, 'p{i}={i}')}):\n    return {joined(k, 'p{i}', ' + ')}\nprint(f(), f(n, p{k - 1}=n))\n",
    "keywords": lambda k: f"def f(*, {joined(k, 'p{i}')}):\n    return {joined(k, 'p{i}', ' - ')}\nprint(f({joined(k, 'p{i}=n')}))\n",
    "views": lambda k: "a = np.arange(1000)\n" + lines(k, "v{i} = a[{i}::2]") + lines(k, "v{i} += 1") + "print(a.sum())\n",
    "stores": lambda k: "a = np.zeros(1000)\n" + lines(k, "a[{i} + n] = {i}") + "print(a.sum())\n",
    "stores in a loop": lambda k: "a = np.zeros((1000, n))\nfor i in range(n):\n" + lines(k, "    a[{i}, i] = a[{before}, i] + 1")
        + "print(a.sum())\n",
    "loads in a loop": lambda k: "a = np.ones(1000 + n)\nb = np.zeros(n)\nfor i in range(n):\n    b[i] = "
        + joined(k, "a[i + {i}]", " + ") + "\nprint(b)\n",
    "arrays in a loop": lambda k: lines(k, "a{i} = np.ones(n) * {i}") + "b = np.zeros(n)\nfor i in range(n):\n    b[i] = "
        + joined(k, "a{i}[i]", " + ") + "\nprint(b)\n",
    "values of several types": lambda k: f"t = ({joined(k, 'n, n * 0.5, n > {i}')})\nprint(t)\n",
    "lists": lambda k: lines(k, "l{i} = [n, {i}]") + lines(k, "l{i}.append({i})") + f"print({joined(k, 'l{i}', ' + ')})\n",
}
COUNTS = (20, 70, 300)
SECONDS = 10   # that a command may take


def run(command):
    """Too long a time is an exit status of its own."""
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, "timeout", "", "")


def judge(mnp, work, name, count):
    """What is wrong with the program of a name, or None; and whether it was refused."""
    path, program = os.path.join(work, "program.mnp"), os.path.join(work, "program")
    with open(path, "w", encoding="utf-8") as file:
        file.write(HEAD + PROGRAMS[name](count))
    build = run([mnp, "build", "--fp=strict", path, "-o", program])
    if build.returncode:
        fine = build.returncode in STATUSES and PLACE.search(build.stderr)
        return None if fine else f"build: {build.returncode} {build.stderr[-300:]}", build.stderr.splitlines()[:1]
    ours, theirs = run([program]), run([sys.executable, path])
    if (ours.returncode, ours.stdout) != (theirs.returncode, theirs.stdout):
        return f"{ours.returncode} {ours.stdout[-200:]} {ours.stderr[-200:]}\n  not {theirs.returncode} " \
               f"{theirs.stdout[-200:]} {theirs.stderr[-200:]}", None
    return None, None


def main(mnp, work, *counts):
    os.makedirs(work, exist_ok=True)
    wrong = refused = 0
    for name in PROGRAMS:
        for count in counts:
            fault, refusal = judge(mnp, work, name, count)
            if fault:
                wrong += 1
                print(f"wrong: {count} {name}: {fault}")
            elif refusal:
                refused += 1
                print(f"refused: {count} {name}: {refusal[0][:140]}")
    print(f"{len(PROGRAMS) * len(counts)} programs, {refused} refused, {wrong} wrong")
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3], *(map(int, sys.argv[3:]) if sys.argv[3:] else COUNTS)))
