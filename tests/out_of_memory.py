"""out_of_memory.py: each allocation of the compiler, of LLVM in it, and of compiled programs fails in turn.

The compiler then says so and ends with status 2, and leaves the output that was there and nothing else. A program raises
MemoryError (or says what the system said of a file), ends with status 1, has printed a beginning of what it prints
otherwise, and has given back all that it had. Where the memory was for comfort only (a buffer of a stream, a faster
linker), all is as without the failure.

usage: out_of_memory.py MNP PRELOADED-LIBRARY SOURCE-DIRECTORY WORK-DIRECTORY [POINTS [PROGRAMS]]
POINTS: how many failures a command or a program is tried with, evenly spread; 0: all.
"""
import os
import pathlib
import random
import shutil
import subprocess
import sys

mnp, library, source, work = (pathlib.Path(word).resolve() for word in sys.argv[1:5])
points, programs = [int(word) for word in sys.argv[5:7]] + [5, 40][len(sys.argv[5:7]):]
wrong = tried = 0
LACKS = ("out of memory", "Cannot allocate memory", "MemoryError")


def run(command, at=0, scope="own", folder=None):
    """The process, how many allocations there were, and how many of its own were lost."""
    report = work / "report"
    report.unlink(missing_ok=True)
    environment = os.environ | {"LD_PRELOAD": str(library), "FAIL_AT": str(at), "FAIL_SCOPE": scope, "FAIL_REPORT": str(report)}
    done = subprocess.run([str(word) for word in command], capture_output=True, cwd=folder or work, env=environment, timeout=120)
    made, lost, _ = map(int, report.read_text().split()) if report.exists() else (0, 0, 0)
    return done, made, lost


def chosen(count):
    """The failures to try."""
    if not points or count <= points:
        return range(1, count + 1)
    # A wrong answer that was found once is found again.
    return sorted(random.Random(count).sample(range(1, count + 1), points))


def complain(what, at, scope, done, why):
    global wrong
    wrong += 1
    print(f"--- {what}, allocation {at} ({scope}): {why}\nstatus {done.returncode}\n{done.stdout[-300:]!r}\n{done.stderr[-600:].decode()}", flush=True)


# ---- the compiler ------------------------------------------------------------------------------

def commands():
    """What is tried: a name, the command, its outputs."""
    plain, arrays = source / "examples/convolve.mnp", source / "tests/cases/arrays_as_indices.mnp"
    lists, kernels = source / "tests/cases/programs_with_lists.mnp", source / "tests/c_interface/shapes.mnp"
    wrong_source = source / "tests/cases/classes_are_refused.mnp"
    yield "check", ["check", "--verdicts", plain], []
    yield "strict shapes", ["check", "--strict-shapes", plain], []
    yield "errors", ["check", wrong_source], []
    yield "explain", ["build", "--explain", plain, "-o", "out"], ["out"]
    yield "dump", ["build", "--dump=nest", plain], []
    yield "validate", ["build", "--validate", lists, "-o", "out"], ["out"]
    yield "executable", ["build", arrays, "-o", "out"], ["out"]
    yield "lists", ["build", "-O0", lists, "-o", "out"], ["out"]
    yield "object", ["build", "-c", kernels, "-o", "out.o"], ["out.o", "out.h"]
    yield "assembly", ["build", "-c", "--emit=asm", kernels, "-o", "out.s"], ["out.s"]
    yield "LLVM", ["build", "-c", "--emit=llvm", kernels, "-o", "out.ll"], ["out.ll"]
    yield "header", ["build", "-c", "--emit=header", kernels, "-o", "out.h"], ["out.h"]
    yield "run", ["run", lists], []
    yield "ops", ["ops"], []


def try_command(name, words, outputs):
    global tried
    folder = work / "compiler"
    for scope in ("own", "all"):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        whole, count, _ = run([mnp, *words], scope=scope, folder=folder)
        made = {output: (folder / output).read_bytes() for output in outputs}
        for at in chosen(count):
            tried += 1
            for output in outputs:
                (folder / output).write_text("old")
            done, _, _ = run([mnp, *words], at, scope, folder)
            said = done.stderr.decode(errors="replace")
            if sorted(path.name for path in folder.iterdir()) != sorted(outputs):
                complain(name, at, scope, done, f"files left: {[path.name for path in folder.iterdir()]}")
                for path in folder.iterdir():
                    path.unlink()
            elif done.returncode == whole.returncode and done.stdout == whole.stdout:
                if not all(same_output(folder / output, made[output]) for output in outputs):
                    complain(name, at, scope, done, "another output")
            elif name == "run" and done.returncode == 1 and "MemoryError" in said:
                pass
            elif done.returncode != 2 or not any(words in said for words in LACKS):
                complain(name, at, scope, done, "not said, or with another status")
            elif any((folder / output).read_text(errors="replace") != "old" for output in outputs[:1]):
                complain(name, at, scope, done, "the output that was there is lost")


def same_output(path, want):
    """Another linker makes another executable."""
    if path.read_bytes() == want:
        return True
    return path.suffix == "" and subprocess.run([path], capture_output=True).returncode == 0


# ---- compiled programs -------------------------------------------------------------------------

def candidates():
    cases = sorted((source / "tests/cases").glob("*.mnp"))
    good = [path for path in cases if "# expect:" in path.read_text()]
    return good if not programs or programs >= len(good) else random.Random(1).sample(good, programs)


def options_of(path, key):
    return [word for line in path.read_text().split("\n") if line.startswith(f"# {key}: ") for word in line.split()[2:]]


def try_program(path):
    global tried
    folder = work / "program"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    built = subprocess.run([str(mnp), "build", "--fp=strict", "--cpu=x86-64-v3", *options_of(path, "options"), str(path), "-o", "program"], cwd=folder,
                           capture_output=True)
    if built.returncode:
        return
    command = [folder / "program", *options_of(path, "args")]
    whole, count, lost = run(command, scope="all", folder=folder)
    if lost:
        complain(path.name, 0, "all", whole, f"{lost} blocks are lost without any failure")
    for at in chosen(count):
        tried += 1
        done, _, lost = run(command, at, "all", folder)
        said = done.stderr.decode(errors="replace")
        if lost:
            complain(path.name, at, "all", done, f"{lost} blocks are lost")
        elif done.returncode == whole.returncode and done.stdout == whole.stdout:
            continue
        elif done.returncode != 1 or not any(words in said for words in LACKS):
            complain(path.name, at, "all", done, "not said, or with another status")
        elif not whole.stdout.startswith(done.stdout):
            complain(path.name, at, "all", done, "something else was printed")


work.mkdir(parents=True, exist_ok=True)
for row in commands():
    try_command(*row)
for case in candidates():
    try_program(case)
print(f"{tried} allocations failed, {wrong} of them not in order")
sys.exit(wrong != 0)
