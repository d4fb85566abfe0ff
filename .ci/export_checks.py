"""What the checks of exports share: they are started as PROGRAM WORK quick|all, render a set into WORK and hold exports of it
against its records."""
import contextlib
import io
import json
import pathlib
import re
import subprocess
import sys

import numpy as np

program, work, extent = sys.argv[1], pathlib.Path(sys.argv[2]).resolve(), sys.argv[3]
is_whole = extent == "all"
here = pathlib.Path(__file__).resolve().parent
dataset = work / "set"


def run(*words, code=0):
    done = subprocess.run([program, *map(str, words)], text=True, capture_output=True)
    if done.returncode != code:
        sys.exit(f"found exit code {done.returncode}, expected {code}: {words}\n{done.stderr}")
    return done.stderr


def check(holds, what):
    if not holds:
        sys.exit(f"found a disagreement: {what}")


@contextlib.contextmanager
def quiet():
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield


def prepare_torchvision():
    """Its readers of datasets are plain Python, but importing it beside a torch for CPUs alone wants two compiled operators."""
    import torch
    if not getattr(prepare_torchvision, "library", None) and not hasattr(torch.ops.torchvision, "nms"):
        prepare_torchvision.library = torch.library.Library("torchvision", "DEF")
        for name in ("nms", "qnms"):
            prepare_torchvision.library.define(name + "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")


class Set:
    """The dataset, rendered and split into train and val: its head, its records by frame and the part of each frame."""

    def __init__(self):
        self.header = json.loads((dataset / "dataset.json").read_text())
        self.names = [c["name"] for c in self.header["categories"]]
        self.stuff = {c["id"] for c in self.header["categories"] if c.get("stuff")}
        self.records = {}
        for f in sorted((dataset / "chunks").glob("*.jsonl")):
            for line in f.read_text().splitlines():
                r = json.loads(line)
                self.records[r["frame"]] = r
        self.parts = {p: [int(n) for n in (dataset / f"splits/{p}.txt").read_text().split()] for p in ("train", "val")}
        self.part = {n: p for p, list in self.parts.items() for n in list}
        check(sorted(self.part) == sorted(self.records), "the splits are not the records")


def polygon_pixels(points, w, h):
    """The pixels whose centres a polygon goes round, by the even-odd rule."""
    p = np.array(points).reshape(-1, 2)
    q = np.roll(p, -1, axis=0)
    inside = np.zeros((h, w), bool)
    xs = np.arange(w) + 0.5
    for y in range(h):
        crossing = (p[:, 1] <= y + 0.5) != (q[:, 1] <= y + 0.5)
        a, b = p[crossing], q[crossing]
        if len(a):
            x = np.sort(a[:, 0] + (y + 0.5 - a[:, 1]) / (b[:, 1] - a[:, 1]) * (b[:, 0] - a[:, 0]))
            inside[y] = np.searchsorted(x, xs) % 2 == 1
    return inside


def run_samples(formats, heavy, export):
    """Runs the samples of Documentation/Formats.md for some formats, as they stand there.

    heavy: modules that only the whole check has; export: puts a format into a folder.
    """
    page = (here.parent / "Documentation/Formats.md").read_text()
    ran = set()
    for format, code in re.findall(r"```python\n# (\S+).*?\n(.*?)```", page, re.S):
        if format not in formats:
            continue
        readers = {w for line in code.splitlines() if line.startswith(("import ", "from ")) for w in re.findall(r"\w+", line)}
        if not is_whole and readers & heavy:
            continue
        out = work / f"sample-{format}"
        if not out.exists():
            export(format, out)
        with quiet():
            exec(compile(code.replace("EXPORT", str(out)), f"the sample of {format}", "exec"), {})
        ran.add(format)
    check(ran, "no sample ran")
    check(not is_whole or ran == formats, f"no sample of {formats - ran}")
    print("samples that ran: " + ", ".join(sorted(ran)))
