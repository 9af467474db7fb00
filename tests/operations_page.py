"""operations_page.py: docs/operations.md, made of what `mnp ops` prints; with --check, whether the page is still that.
usage: operations_page.py MNP PAGE [--check]"""
import pathlib
import subprocess
import sys

HEAD = """# The operations

Made of the compiler's own table by `tests/operations_page.py` (`mnp ops` prints the table itself); a test keeps the page in
step. What a function takes is written as its signature: an argument with a default may be left out, `*args` are any number. What
is not in a signature is refused with a diagnostic.

How exact a result is: *exact* gives NumPy's bits (under `--fp=strict`); *ulp n* is within n units of the last place of the true
value; *set* leaves the order of ties open; *order* adds terms in an order that NumPy does not promise either.

Every row works on all dtypes that NumPy takes there but float16, on arrays of any rank, strides and size, and on scalars,
where nothing else is said. [Differences](differences.md) are numbered.
"""
SECTIONS = {"np": "Functions of NumPy", "array": "Methods of arrays", "builtins": "Python's built-in functions", "math": "math"}


def page(mnp):
    rows = {}
    for line in subprocess.run([mnp, "ops"], capture_output=True, text=True, check=True).stdout.splitlines():
        signature, exactness, text = line.split("\t")
        rows.setdefault(signature.split(".")[0], {})[signature.partition(".")[2]] = (exactness, text)
    parts = [HEAD]
    for module in [*SECTIONS, *sorted(set(rows) - set(SECTIONS))]:
        parts.append(f"\n## {SECTIONS.get(module, module)}\n\n| call | gives | exact |\n|---|---|---|\n")
        for signature, (exactness, text) in sorted(rows[module].items(), key=lambda row: row[0].lower()):
            parts.append(f"| `{signature}` | {text} | {exactness} |\n".replace("\\", "\\\\"))
    return "".join(parts)


def main():
    wanted, path = page(sys.argv[1]), pathlib.Path(sys.argv[2])
    if "--check" not in sys.argv:
        path.write_text(wanted)
        return 0
    if path.read_text() == wanted:
        return 0
    print(f"{path} is not what the table says; write it anew: python3 tests/operations_page.py MNP docs/operations.md")
    return 1


sys.exit(main())
