"""fuzz_programs.py: random programs of many small functions over arrays, compared with CPython and NumPy in three forms.

The functions are made while NumPy runs them: each expression is evaluated as it is chosen, so that a function's last
statement is reached (or fails where that is wanted). Its vocabulary is the table that `mnp ops` prints. The forms (-O2,
-O0, without fusion) must print the same bits, and NumPy's wherever only exact rows are used; results of rows that are
exact to some ULP stand last in a function, and are compared within their bound. A failure is made small and kept.

usage: fuzz_programs.py MNP WORK-DIRECTORY [FUNCTIONS [SEED [FUNCTIONS-A-PROGRAM]]]
"""
import collections
import pathlib
import random
import re
import subprocess
import sys
import warnings

from numpy2 import np

import programs_of_arrays as arrays

FORMS = [["-O2"], ["-O0"], ["-O2", "--without=fuse,buffers,siblings"]]
# D1, and D9: a size that turns out to be 1.
REFUSED = r"not supported|64 bits|sizes 1 and \d+ do not fit|sizes \d+ and 1 do not fit"
warnings.simplefilter("ignore")


def run(command, folder, seconds=60):
    try:
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, -1, "", "does not end")


class Verdict:
    """What was found out of one function: None, a refusal's words, or what is wrong."""
    def __init__(self, refused=None, wrong=None):
        self.refused, self.wrong = refused, wrong


def sections(text):
    """What each function printed, by its number."""
    found = {}
    for part in text.split("#")[1:]:
        number, _, rest = part.partition("\n")
        found[int(number)] = rest
    return found


def numbers(text):
    """The numbers that a printed array shows."""
    words = re.sub(r"[\[\](),]", " ", text).split()
    return np.array([complex(re.sub(r"^np\.\w+\(", "", word).replace("True", "1").replace("False", "0")) for word in words])


def near(got, want, bound):
    """The last result within a bound in ULP, everything before it the same text."""
    got_head, _, got_last = got.rpartition("=")
    want_head, _, want_last = want.rpartition("=")
    got_type, _, got_last = got_last.partition("\n")
    want_type, _, want_last = want_last.partition("\n")
    if (got_head, got_type) != (want_head, want_type):
        return False
    single = "32" in want_type or "complex64" in want_type
    a, b = numbers(got_last), numbers(want_last)
    if a.shape != b.shape:
        return False
    with np.errstate(all="ignore"):
        unit = np.abs(b) * (2.0 ** -23 if single else 2.0 ** -52) + (1e-44 if single else 5e-324)
        return bool(np.all((a == b) | (np.isnan(a) & np.isnan(b)) | (np.abs(a - b) <= (bound + 4) * unit)))


def agrees(function, got, want):
    if got is None or function.bound is None and function.error is None and got == want:
        return got is not None
    if function.loose:
        return [line for line in got.split("\n") if line[:1] == "="] == [line for line in want.split("\n") if line[:1] == "="]
    if function.bound is not None:
        return near(got, want, function.bound)
    return got == want


class Fuzzer:
    def __init__(self, mnp, work):
        self.mnp, self.work = str(pathlib.Path(mnp).resolve()), pathlib.Path(work).resolve()
        self.work.mkdir(parents=True, exist_ok=True)
        self.table = arrays.Table(self.mnp)
        arrays.save_pools(self.work)
        self.refusals = collections.Counter()

    def build(self, functions, form, name):
        """Compiles without what is refused: those that are left, the words of those that are not."""
        refused = {}
        while functions:
            text, owners = arrays.program(functions)
            (self.work / f"{name}.mnp").write_text(text)
            done = run([self.mnp, "build", "--fp=strict", *form, f"{name}.mnp", "-o", name], self.work, 300)
            if done.returncode == 0:
                return functions, refused, None
            if done.returncode not in (1, 3):
                return functions, refused, f"the compiler ends with {done.returncode}: {done.stderr[-1500:]}"
            said = re.findall(rf"{name}\.mnp:(\d+):\d+: (.*)", done.stderr)
            bad = {owners[int(line)]: words for line, words in reversed(said) if int(line) in owners}
            if not bad and len(functions) == 1 and "numpy.mnp:" in done.stderr:
                bad = {functions[0].number: done.stderr.split("\n")[0]}
            if not bad:
                return functions, refused, f"nobody to blame: {done.stderr[:1500]}"
            refused |= bad
            functions = [f for f in functions if f.number not in bad]
        return functions, refused, None

    def output(self, functions, name):
        """Output and error by function: of the quiet ones in one run, of those that raise alone."""
        done = run([f"./{name}", "-1"], self.work)
        found = {number: (text, None) for number, text in sections(done.stdout).items()}
        whole = done.returncode == 0
        for f in functions:
            if f.error or not whole:
                alone = run([f"./{name}", str(f.number)], self.work)
                found[f.number] = (sections(alone.stdout).get(f.number, ""), f"{alone.returncode} {alone.stderr[-600:]}")
        return found

    def judge(self, functions, name="t"):
        """The verdict of each function by its number."""
        verdicts = {f.number: Verdict() for f in functions}
        outputs = []
        for k, form in enumerate(FORMS):
            functions, refused, broken = self.build(functions, form, f"{name}{k}")
            for number, words in refused.items():
                verdicts[number].refused = words
            if broken:
                if len(functions) == 1:
                    verdicts[functions[0].number].wrong = f"{form}: {broken}"
                    return verdicts
                half = len(functions) // 2
                return verdicts | self.judge(functions[:half], name) | self.judge(functions[half:], name)
            outputs.append(self.output(functions, f"{name}{k}"))
        for f in functions:
            verdicts[f.number].wrong = self.compare(f, [output.get(f.number) for output in outputs])
            if verdicts[f.number].wrong == "refused":
                verdicts[f.number] = Verdict(refused="when running")
        return verdicts

    def compare(self, f, found):
        said = [answer[1] or "" for answer in found if answer]
        if any(re.search(REFUSED, words) for words in said):
            return "refused"
        for form, answer in zip(FORMS, found):
            if answer is None:
                return f"{form}: nothing printed"
            text, error = answer
            if f.error:
                if not error.startswith("1 ") or f.error not in error or text != f.want:
                    return f"{form}: wanted {f.error} and\n{f.want}\ngot\n{text}\n{error}"
                continue
            if error and not error.startswith("0 "):
                return f"{form}: ends with {error}"
            if not agrees(f, text, f.want):
                return f"{form}: wanted\n{f.want}\ngot\n{text}"
            if text != found[0][0]:
                return f"{form} and {FORMS[0]} differ:\n{text}\nand\n{found[0][0]}"
        return None

    def minimised(self, function):
        """The function without the statements that its failure does not need."""
        changed = True
        while changed:
            changed = False
            for smaller in function.smaller():
                if smaller.settle() and self.judge([smaller], "small")[smaller.number].wrong:
                    function, changed = smaller, True
                    break
        return function

    def go(self, count, seed, size):
        compared = wrong = 0
        raising = 0
        for start in range(0, count, size):
            rng = random.Random(seed + start)
            functions = [arrays.Function(self.table, rng, number) for number in range(min(size, count - start))]
            functions = [f for f in functions if f.settle()]
            verdicts = self.judge(functions)
            for f in functions:
                verdict = verdicts[f.number]
                if verdict.refused:
                    self.refusals[re.sub(r"\d+|‘.*?’|'.*?'|\b[vxi]\d\b", "_", verdict.refused)[:110]] += 1
                    continue
                compared += 1
                raising += f.error is not None
                if verdict.wrong:
                    wrong += 1
                    self.report(f, verdict, seed + start)
            if size < count:
                print(f"  seed {seed + start}: {compared} compared ({raising} raise), {wrong} wrong, {sum(self.refusals.values())} refused", flush=True)
        for words, times in self.refusals.most_common(12 if count > size else 0):
            print(f"  refused {times} times: {words}")
        print(f"{compared} functions compared in {len(FORMS)} forms, {raising} of them raise, {sum(self.refusals.values())} refused, {wrong} wrong")
        return 1 if wrong or not compared else 0

    def report(self, function, verdict, seed):
        small = self.minimised(function)
        verdict = self.judge([small], "small")[small.number]
        kept = self.work / f"wrong_{seed}_{function.number}.mnp"
        kept.write_text(arrays.program([small])[0])
        print(f"--- {kept}\n{small.source()}{small.runner()}\n{verdict.wrong}", flush=True)


def main():
    options = [int(word) for word in sys.argv[3:]]
    count, seed, size = options + [2000, 1, 100][len(options):]
    return Fuzzer(sys.argv[1], sys.argv[2]).go(count, seed, size)


sys.exit(main())
