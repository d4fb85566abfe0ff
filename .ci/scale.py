#!/usr/bin/env python3
"""Memory that does not grow, and a merge that is fast: peak memory of 500 and of 20,000 tiny frames, in both layouts, and of
merging 200,000 records, with the rate at which they are read. Prints a table; ends with 1 where a promise of Documentation/Scaling.md is broken.

  scale.py PROGRAM BENCH [FRAMES] [RECORDS]
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

program, bench = sys.argv[1:3]
many = int(sys.argv[3]) if len(sys.argv) > 3 else 20_000
records = int(sys.argv[4]) if len(sys.argv) > 4 else 200_000
pathlib.Path("Renders").mkdir(exist_ok=True)
work = pathlib.Path(tempfile.mkdtemp(prefix=".scale-", dir="Renders"))
broken = []
try:
    for layout in ("folder", "tar"):
        peaks = []
        for frames in (500, many):
            log = subprocess.run(
                [program, "render", "Scenes/primitives.yaml", "--frames", str(frames), "--size", "16x12", "--chunk", "250",
                 "--layout", layout, "--out", work / "set"], check=True, text=True, capture_output=True).stderr
            done = json.loads(log.splitlines()[-1])
            peaks.append(done["peak_bytes"] / 1e6)
            print(f"{layout:7}{frames:8} frames  {done['images_per_second']:7.0f} images/s  peak {peaks[-1]:6.1f} MB")
            shutil.rmtree(work / "set")
        if peaks[1] > 1.1 * peaks[0]:
            broken.append(f"{layout}: the peak grows from {peaks[0]:.1f} to {peaks[1]:.1f} MB")
    subprocess.run([bench, "--records", str(records), "--folder", work / "records"], check=True)
    size = sum(p.stat().st_size for p in (work / "records/chunks").iterdir()) / 1e6
    for form in ("none", "one", "chunks"):
        began = time.monotonic()
        said = subprocess.run([program, "merge", work / "records", "--records-only", "--annotations", form],
                              check=True, text=True, capture_output=True).stdout
        seconds = time.monotonic() - began
        peak = int(said.split(";")[-1].split()[0])
        print(f"merge of {records} records, {size:.0f} MB, annotations {form:6}: {seconds:6.1f} s, {size / seconds:5.0f} MB/s, "
              f"peak {peak} MB")
        if peak >= 100:
            broken.append(f"merge, annotations {form}: the peak is {peak} MB")
        if size / seconds < 200:
            broken.append(f"merge, annotations {form}: {size / seconds:.0f} MB/s, expected 200 on a quiet machine of two cores")
finally:
    shutil.rmtree(work)
print("\n".join(broken) if broken else "memory does not grow")
sys.exit(1 if broken else 0)
