"""full_disk.py: files that can no longer be written: what the compiler and compiled programs say, and what they leave.

Files may not grow beyond a limit (every limit from nothing to all that the output has is tried at some places), or stand on a
disk that is full, where this system lets us make one. What was there before stays, nothing else is left, and it is said: by
the compiler with status 2, by a program as OSError with status 1.

usage: full_disk.py MNP SOURCE-DIRECTORY WORK-DIRECTORY
"""
import os
import pathlib
import resource
import shutil
import subprocess
import sys

mnp, source, work = (pathlib.Path(word).resolve() for word in sys.argv[1:4])
# Counters of coverage are files, too, and are not to be cut.
os.environ["GCOV_PREFIX"] = str(work / "counters")
wrong = tried = 0
SAID = ("File too large", "No space left on device", "standard output could not be written")
SAVES = """
import sys
import numpy as np

a = np.arange(3000.0)
if sys.argv[1] == "save":
    np.save("out", a)
if sys.argv[1] == "savetxt":
    np.savetxt("out.txt", a.reshape(60, 50), header="numbers")
if sys.argv[1] == "tofile":
    a.tofile("out.bin")
if sys.argv[1] == "print":
    for i in range(1000):
        print(a[i])
"""


def complain(what, limit, done, why):
    global wrong
    wrong += 1
    print(f"--- {what}, limit {limit}: {why}\nstatus {done.returncode}\n{done.stderr[-600:]}", flush=True)


def limited(command, limit, folder, output=None):
    with open(output or "/dev/null", "w") as stream:
        return subprocess.run([str(word) for word in command], cwd=folder, stdout=stream, stderr=subprocess.PIPE, text=True, timeout=60,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))


def is_whole(limit, done, program, like):
    """Another linker may make a program that fits: it does what the first does."""
    if done.returncode or program.stat().st_size > limit:
        return False
    run = subprocess.run([program], cwd=program.parent, capture_output=True)
    return (run.returncode, run.stdout) == (like.returncode, like.stdout)


def judge(what, limit, done, folder, outputs, status, like=None):
    global tried
    tried += 1
    if like and is_whole(limit, done, folder / outputs[0], like):
        return
    names = sorted(path.name for path in folder.iterdir())
    if done.returncode != status:
        complain(what, limit, done, f"status {status} is wanted")
    elif not any(words in done.stderr for words in SAID):
        complain(what, limit, done, "it is not said")
    elif names != sorted(outputs) or any((folder / name).read_text(errors="replace") != "old" for name in outputs):
        complain(what, limit, done, f"left: {names}")


def folder_with(outputs):
    folder = work / "folder"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in outputs:
        (folder / name).write_text("old")
    return folder


def limits(size):
    return sorted({0, 1, 63, 64, size // 3, size // 2, size - 1} & set(range(size)))


def try_compiler(what, words, outputs):
    folder = folder_with([])
    subprocess.run([str(mnp), *words], cwd=folder, check=True)
    like = subprocess.run([folder / outputs[0]], cwd=folder, capture_output=True) if what == "executable" else None
    for limit in limits(min((folder / name).stat().st_size for name in outputs)):
        folder = folder_with(outputs)
        judge(what, limit, limited([mnp, *words], limit, folder), folder, outputs, 2, like)


def try_program(program, way, output):
    folder = folder_with([])
    subprocess.run([str(program), way], cwd=folder, check=True)
    for limit in limits((folder / output).stat().st_size):
        folder = folder_with([output])
        judge(way, limit, limited([program, way], limit, folder), folder, [output], 1)


def try_standard_output(command, status):
    folder = folder_with([])
    limited(command, 1 << 20, folder, work / "printed")
    for limit in limits((work / "printed").stat().st_size):
        judge("standard output", limit, limited(command, limit, folder, work / "printed"), folder, [], status)


FULL = """mount -t tmpfs -o size=64k none "$1" && cd "$1" && printf old > out && printf old > out.npy && dd if=/dev/zero of=filler bs=1k count=40 2> /dev/null
"$2" build "$3" -o out 2> said; [ $? = 2 ] && [ "$(cat out)" = old ] || { cat said; exit 3; }
"$4" save 2> said; [ $? = 1 ] && grep -q OSError said && [ "$(cat out.npy)" = old ] || { cat said; exit 4; }
[ "$(ls)" = "$(printf 'filler\\nout\\nout.npy\\nsaid')" ] || { ls; exit 5; }
"""


def try_full_disk(program, plain):
    """On a file system of 64 kB of our own."""
    global tried, wrong
    space = ["unshare", "-rm", "sh"]
    if not shutil.which("unshare") or subprocess.run([*space, "-c", "mount -t tmpfs none /mnt"], capture_output=True).returncode:
        print("no file system can be made here")
        return
    tried += 1
    done = subprocess.run([*space, "-c", FULL, "sh", folder_with([]), mnp, plain, program], capture_output=True, text=True)
    if done.returncode:
        complain("a full disk", "64k", done, done.stdout)


def main():
    plain, kernels = str(source / "examples/convolve.mnp"), str(source / "tests/c_interface/shapes.mnp")
    work.mkdir(parents=True, exist_ok=True)
    try_compiler("executable", ["build", plain, "-o", "out"], ["out"])
    try_compiler("object", ["build", "-c", kernels, "-o", "out.o"], ["out.o", "out.h"])
    for kind in ("asm", "llvm", "header"):
        try_compiler(kind, ["build", "-c", f"--emit={kind}", kernels, "-o", "out"], ["out"])
    try_standard_output([mnp, "build", "-c", "--emit=asm", kernels, "-o", "-"], 2)
    try_standard_output([mnp, "check", "--verdicts", plain], 2)
    (work / "saves.mnp").write_text(SAVES)
    program = work / "saves"
    subprocess.run([str(mnp), "build", str(work / "saves.mnp"), "-o", str(program)], check=True)
    for way, output in (("save", "out.npy"), ("savetxt", "out.txt"), ("tofile", "out.bin")):
        try_program(program, way, output)
    try_standard_output([program, "print"], 1)
    try_standard_output([mnp, "run", work / "saves.mnp", "print"], 1)
    try_full_disk(program, plain)
    print(f"{tried} writes failed, {wrong} of them not in order")
    return wrong != 0


sys.exit(main())
