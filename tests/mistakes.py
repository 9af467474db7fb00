"""mistakes.py: what is said of files that cannot be read: each mistake once, at its line, in its own words, with the edit
that mends it, and nothing that follows from another. usage: mistakes.py MNP WORK"""
import json
import pathlib
import subprocess
import sys

mnp, work = sys.argv[1], pathlib.Path(sys.argv[2])
work.mkdir(parents=True, exist_ok=True)

# (source, [(line, part of the message, part of the help)])
CASES = [
    # errors in blocks of every kind: those behind the first are found
    ("def f(a):\n    x = = 3\n    if a:\n        y = )\n    else:\n        z = 1 2\n    return x x\nw = = 1\n",
     [(2, "unexpected '='", ""), (4, "closes nothing", ""), (6, "unexpected '2'", ""), (7, "unexpected 'x'", ""),
      (8, "unexpected '='", "")]),
    ("for i range(3):\n    print(i i)\nelse:\n    print(1 1)\n",
     [(1, "unexpected 'range'", ""), (2, "unexpected 'i'", ""), (4, "unexpected '1'", "")]),
    ("try:\n    a b\nexcept E as:\n    c d\nfinally x:\n    e f\n",
     [(2, "unexpected 'b'", ""), (3, "unexpected ':'", ""), (4, "unexpected 'd'", ""), (5, "unexpected 'x'", ""),
      (6, "unexpected 'f'", "")]),
    ("if a b:\n    x = 1\nelif c d:\n    x = 2\nelse e:\n    x = = 3\ny = 4\n",
     [(1, "unexpected 'b'", ""), (3, "unexpected 'd'", ""), (5, "unexpected 'e'", ""), (6, "unexpected '='", "")]),
    ("def f(x:\n    return x\ny = 4 4\n", [(1, "never closed", "')'"), (3, "unexpected '4'", "")]),
    ("match x y:\n    case 1:\n        a = = 1\n    case 2 3:\n        pass\n",
     [(1, "unexpected 'y'", ""), (3, "unexpected '='", ""), (4, "unexpected '3'", "")]),
    ("@d d\ndef f():\n    x x\n", [(1, "unexpected 'd'", ""), (3, "unexpected 'x'", "")]),
    # Python 2
    ("print x\nprint 'a', b\nprint(3)\n", [(1, "'print' is a function", "print(x)"),
                                         (2, "'print' is a function", "print('a', b)")]),
    ("if x <> 3:\n    pass\n", [(1, "'<>'", "'!='")]),
    ("y = `x`\n", [(1, "backticks", "repr")]),
    ("exec 'x = 1'\n", [(1, "'exec' is a function", "exec('x = 1')")]),
    ("try:\n    pass\nexcept E, e:\n    raise E, 'x'\n", [(3, "follows 'as'", "except E as e:"),
                                                         (4, "in parentheses", "raise E('x')")]),
    ("a = 0777\nb = 089\n", [(1, "does not start with 0", "0o777"), (2, "does not start with 0", "89")]),
    ("a = 10L\nb = ur'x'\n", [(1, "neither a number nor a name", "write 10"), (2, "'ur'", "write r")]),
    # C
    ("x = a && b\ny = a || b\nz = !a\n", [(1, "'&&'", "'and'"), (2, "'||'", "'or'"), (3, "'!'", "'not'")]),
    ("i++\nx[2]--\n", [(1, "'++'", "i += 1"), (2, "'--'", "x[2] -= 1")]),
    ("x = a ? b : c\n", [(1, "'?'", "if CONDITION else")]),
    ("if (x) {\n    y = 1;\n} else {\n    y = 2;\n}\nz = 3 3\n",
     [(1, "braces", "':'"), (3, "braces", "':'"), (6, "unexpected '3'", "")]),
    ("// don't\nx = 1; // that's it\n/* y\n z */\n", [(1, "'#'", "#"), (2, "'#'", "#"), (3, "'#'", "#")]),
    ("if a:\n    b = 1\nelse if c:\n    b = 2\nelse:\n    b = 3\n", [(3, "'elif'", "elif c:")]),
    ("if a:\n    b = 1\nelsif c:\n    b = 2\n", [(3, "'elif'", "elif c:")]),
    ("int x = 3\nfloat y\n", [(1, "without a declaration", "x = 3"), (2, "without a declaration", "")]),
    ("for (i = 0; i < 3; i = i + 1):\n    pass\n", [(1, "elements", "range")]),
    ("x = 1.5f\ny = 3u\n", [(1, "neither", "1.5"), (2, "neither", "3")]),
    # slips
    ("if x = 3:\n    pass\nwhile y = 4:\n    pass\n", [(1, "'=' assigns", "=="), (3, "'=' assigns", "==")]),
    ("if x\n    y = 1\nelse\n    y = 2\nwhile z\n    pass\ndef f()\n    pass\n",
     [(1, "':' that starts", ""), (3, "':' that starts", ""), (5, "':' that starts", ""), (7, "':' that starts", "")]),
    ("x = foo(1,\n        [2, 3\ny = 5\n", [(2, "'[' is never closed", "']'")]),
    ("x = (1 + 2\ny = 5\nz = 6 6\n", [(1, "'(' is never closed", "')'"), (3, "unexpected '6'", "")]),
    ("x = [1, 2)\n", [(1, "does not close", "")]),
    ("x = 'abc\nprint('abc)\ny = 3\n", [(1, "no closing quote", ""), (2, "no closing quote", "")]),
    ("x = '''abc\ny = don't\n", [(1, "no closing quote", "")]),
    ("if a:\n\tx = 1\n        y = 2\n", [(3, "TabError", "spaces")]),
    ("if a:\n        x = 1\n    y = 2\n    z = 3\nw = 4\n", [(3, "no block around it", "")]),
    ("for i in x:\nprint(i)\n", [(2, "an indented block is missing", "indent")]),
    ("x = 1\n    y = 2\n    z = 3\nw = 4 4\n", [(2, "no line above it starts a block", ""), (4, "unexpected '4'", "")]),
    ("try:\n    x = 1\ny = 2\n", [(3, "without an 'except'", "")]),
    ("x = 1\nelse:\n    y = 2\n", [(2, "belongs to no 'if'", "")]),
    # characters that look like others
    ("x = “hello”\ny = ‘a’\n", [(1, "U+201C", '"'), (2, "U+2018", "'")]),
    ("x = 3 − 1\ny = 3 × 2\nz = x ≤ y\n", [(1, "minus sign", "-"), (2, "multiplication sign", "*"),
                                           (3, "less or equal", "<=")]),
    ("x =\u00a03\nprint（3）\ny = 3；\n", [(1, "no-break space", "plain space"), (2, "U+FF08", "("),
                                               (2, "U+FF09", ")"), (3, "U+FF1B", ";")]),
    ("x = 3 €\n", [(1, "U+20AC", "")]),
    ("f'{a b}'\nf'{a'\n", [(1, "unexpected 'b'", ""), (2, "never closed", "")]),
]

problems = []


def check(source, expected):
    (work / "main.mnp").write_text(source)
    done = subprocess.run([mnp, "check", "--diagnostics=json", "main.mnp"], cwd=work, capture_output=True, text=True,
                          timeout=60)
    found = [json.loads(line) for line in done.stderr.splitlines()] if done.returncode == 1 else []
    fits = len(found) == len(expected) and all(
        got["line"] == line and text in got["message"] and (not help or any(help in h for h in got["help"]))
        for got, (line, text, help) in zip(found, expected))
    if not fits:
        problems.append(f"{source}gives {done.returncode}\n{done.stderr}wanted {expected}\n")


for source, expected in CASES:
    check(source, expected)
print("\n".join(problems))
sys.exit(1 if problems else 0)
