"""oracle.py: CPython with NumPy must print what every test expects. Skipped (77) without NumPy."""
import pathlib
import re
import subprocess
import sys

import numpy2  # noqa: F401  (ends the test where there is no NumPy)

failed = checked = 0
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.mnp")):
    text = path.read_text()
    lines = re.findall(r"^# expect: ?(.*)$", text, re.M)
    fails = re.findall(r"^# fails: (.*)$", text, re.M)
    arguments = " ".join(re.findall(r"^# args: (.*)$", text, re.M)).split()
    if not (lines or fails) or re.search(r"^# oracle: skip", text, re.M):
        continue
    done = subprocess.run([sys.executable, "-W", "ignore", str(path), *arguments], capture_output=True, text=True)
    checked += 1
    expected = "".join(line + "\n" for line in lines)
    if done.stdout != expected or done.returncode != (1 if fails else 0):
        failed += 1
        print(f"{path.name}: expected\n{expected}\ngot\n{done.stdout}{done.stderr}")
print(f"{checked} programs, {failed} differ")
sys.exit(1 if failed or not checked else 0)
