"""Builds what bench/run calls: for each source a shared library with all its versions."""
import os
import re
import subprocess

import signature

MNP = os.path.abspath("build/release/bin/mnp")
WORK = "build/bench"
CLANG = ["clang-19", "-O3", "-march=native", "-ffp-contract=on", "-fPIC", "-DCOMPILER=_clang"]
GCC = ["gcc", "-O3", "-march=native", "-ffp-contract=fast", "-fPIC", "-DCOMPILER=_gcc"]
# The pass left out moves masks between kinds of registers; it finds nothing to do and takes seconds.
EXPERT = ["clang-19", "-O3", "-march=native", "-ffp-contract=fast", "-fPIC", "-mllvm",
          "-disable-x86-domain-reassignment"]
HARNESS = ["gcc", "-O2", "-march=native", "-ffp-contract=fast", "-fPIC", "-shared"]


def run(*command):
    """None where it works, otherwise the first line that says why not."""
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 0:
        return None
    lines = (done.stderr + done.stdout).strip().splitlines()
    return next((line for line in lines if "error" in line or "not supported" in line), (lines or ["?"])[0])


def with_own_allocation(text):
    """The source, and for each function a program that calls it and owns its results."""
    return text + "".join(signature.own_program(f) for f in signature.functions(text))


def build_mnp(source, name):
    with open(source + ".mnp") as file:
        text = file.read()
    for extended in (with_own_allocation(text), text):
        with open(f"{WORK}/{name}.mnp", "w") as file:
            file.write(extended)
        error = run(MNP, "build", "-c", f"{WORK}/{name}.mnp", "-o", f"{WORK}/{name}.o")
        if not error:
            return None
    return re.sub(r"^\S*/", "", error)


def build_one(source):
    name = os.path.basename(source)
    expert = os.path.join(os.path.dirname(source), "expert.c")
    objects = [f"{WORK}/{name}.o", f"{WORK}/{name}.clang.o", f"{WORK}/{name}.gcc.o"]
    error = build_mnp(source, name)
    error = error or run(*CLANG, "-c", source + ".c", "-o", objects[1])
    error = error or run(*GCC, "-c", source + ".c", "-o", objects[2])
    if os.path.exists(expert):
        objects.append(f"{WORK}/{name}.expert.o")
        error = error or run(*EXPERT, "-c", expert, "-o", objects[3])
    return error or run("gcc", "-shared", *objects, "-o", f"{WORK}/{name}.so", "-lm")


def build(chosen):
    """The errors of those sources that do not build, each with its first line."""
    os.makedirs(WORK, exist_ok=True)
    failure = run(*HARNESS, "bench/harness.c", "-o", f"{WORK}/harness.so", "-lm")
    if failure:
        raise SystemExit(failure)
    errors = {source: build_one(source) for source in dict.fromkeys(w.source for w in chosen)}
    return {source: error for source, error in errors.items() if error}
