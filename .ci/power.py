#!/usr/bin/env python3
"""What a loss of power may leave of a dataset, and that the next run completes it.

  power.py PROGRAM [STATES] [RESUMES] [SEED]

`journal.c` writes down every operation of a run. Cut off at any of them, they are replayed on a model of a disk that keeps
no more than POSIX promises:

- a file's bytes are sure once it or its file system was synced; before, they may be the old ones, the new ones, a part of
  them, or zeros;
- a name in a folder (made, renamed, removed) is sure once that folder or its file system was synced; before, each such
  change may or may not have happened, whatever others did. A rename happens as one.

STATES random states of every cut are held against an undisturbed run: a record file is whole and its frames' files are
those of the undisturbed run, a head that says that annotations are complete is right. RESUMES states of every scenario are
laid out on the disk, and the same commands must complete them to the bytes of the undisturbed run.
"""
import io
import json
import os
import pathlib
import random
import re
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile

program = sys.argv[1]
STATES = int(sys.argv[2]) if len(sys.argv) > 2 else 4
RESUMES = int(sys.argv[3]) if len(sys.argv) > 3 else 8
dice = random.Random(int(sys.argv[4]) if len(sys.argv) > 4 else 1)
# In memory where that can be: the disk is a model, and waiting for a real one proves nothing here.
memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
work = pathlib.Path(tempfile.mkdtemp(prefix="diorama-power-", dir=memory)).resolve()
here = pathlib.Path(__file__).parent
shim = work / "journal.so"
subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", shim, here / "journal.c", "-ldl", "-lpthread"], check=True)
HEAD = struct.Struct("=c3xIIIQQ")


class File:
    def __init__(self, data=b"", is_sure=False):
        self.data = bytearray(data)
        self.sure = bytes(data) if is_sure else b""


class Folder:
    """Names as programs see them, and those that are sure."""

    def __init__(self):
        self.names, self.sure = {}, {}


class Disk:
    def __init__(self, root):
        self.root, self.top = root, Folder()
        self.by_inode = {os.stat(root).st_ino: self.top}
        self.objects = [self.top]
        # Changes of names that are not sure: (folder, name, object or None), those of one operation together.
        self.pending = []

    def parent(self, path):
        parts = pathlib.Path(path).relative_to(self.root).parts
        folder = self.top
        for p in parts[:-1]:
            folder = folder.names[p]
        return folder, parts[-1]

    def change(self, *changes):
        for folder, name, thing in changes:
            if thing is None:
                folder.names.pop(name, None)
            else:
                folder.names[name] = thing
        self.pending.append(list(changes))

    def settle(self, folder):
        """Makes the names of a folder sure. A rename out of it has then happened at its other end too."""
        rest = []
        for changes in self.pending:
            if any(f is folder for f, _, _ in changes):
                sure = [c for c in changes if c[0] is folder or c[2] is not None]
                for f, name, thing in sure:
                    if thing is None:
                        f.sure.pop(name, None)
                    else:
                        f.sure[name] = thing
                changes = [c for c in changes if c not in sure]
            if changes:
                rest.append(changes)
        self.pending = rest

    def play(self, operation, path, second, data, inode, offset):
        if operation in "CM":
            folder, name = self.parent(path)
            thing = folder.names.get(name) if operation == "C" else None
            if isinstance(thing, File):
                thing.data.clear()
            else:
                thing = File() if operation == "C" else Folder()
                self.objects.append(thing)
                self.change((folder, name, thing))
            self.by_inode[inode] = thing
        elif operation == "W":
            f = self.by_inode[inode]
            f.data[len(f.data):] = bytes(max(0, offset - len(f.data)))
            f.data[offset:offset + len(data)] = data
        elif operation == "F":
            thing = self.by_inode[inode]
            if isinstance(thing, File):
                thing.sure = bytes(thing.data)
            else:
                self.settle(thing)
        elif operation == "S":
            for thing in self.objects:
                if isinstance(thing, File):
                    thing.sure = bytes(thing.data)
                else:
                    thing.sure = dict(thing.names)
            self.pending = []
        elif operation == "R":
            (a, x), (b, y) = self.parent(path), self.parent(second)
            self.change((b, y, a.names[x]), (a, x, None))
        elif operation == "L":
            b, y = self.parent(second)
            if path.startswith(str(self.root) + "/"):
                a, x = self.parent(path)
                thing = a.names[x]
            else:  # a file of another dataset, which has long been written
                thing = File(pathlib.Path(path).read_bytes(), is_sure=True)
                self.objects.append(thing)
            self.change((b, y, thing))
        elif operation in "UD":
            folder, name = self.parent(path)
            self.change((folder, name, None))

    def after_power_loss(self):
        """One of the states that may be found: a tree of dicts and bytes."""
        how = dice.choice(["none", "all", "first", "some", "some"])
        count = dice.randint(0, len(self.pending)) if how == "first" else len(self.pending)
        names = {id(f): dict(f.sure) for f in self.objects if isinstance(f, Folder)}
        for changes in self.pending[:count]:
            if how == "none" or how == "some" and dice.random() < 0.5:
                continue
            for f, name, thing in changes:
                if thing is None:
                    names[id(f)].pop(name, None)
                else:
                    names[id(f)][name] = thing

        def content(f):
            if f.data == f.sure:
                return f.sure
            kind = dice.choice(["sure", "new", "part", "zeros", "part zeros"])
            if kind == "sure":
                return f.sure
            new = bytes(f.data)
            if kind == "part":
                return new[:dice.randint(0, len(new))]
            if kind == "zeros":
                return bytes(len(new))
            if kind == "part zeros":
                n = dice.randint(0, len(new))
                return new[:n] + bytes(len(new) - n)
            return new

        def tree(f):
            return {n: tree(t) if isinstance(t, Folder) else content(t) for n, t in names[id(f)].items()}
        return tree(self.top)


def operations(path):
    data, at = path.read_bytes(), 0
    while at < len(data):
        op, a, b, n, inode, offset = HEAD.unpack_from(data, at)
        at += HEAD.size
        yield op.decode(), data[at:at + a].decode(), data[at + a:at + a + b].decode(), data[at + a + b:at + a + b + n], \
            inode, offset
        at += a + b + n


def read_tree(folder):
    return {p.name: read_tree(p) if p.is_dir() else p.read_bytes() for p in folder.iterdir()}


def write_tree(tree, folder):
    folder.mkdir(exist_ok=True)
    for name, thing in tree.items():
        if isinstance(thing, dict):
            write_tree(thing, folder / name)
        else:
            (folder / name).write_bytes(thing)


def find(tree, path):
    for part in path.split("/"):
        tree = tree.get(part) if isinstance(tree, dict) else None
    return tree


def members(archive):
    return {m.name: (m.offset_data, m.size) for m in tarfile.open(fileobj=io.BytesIO(archive))}


def plane(tree, file):
    """The bytes of a frame's file, which may lie in an archive."""
    archive, _, name = file.partition(".tar/")
    if not name:
        return find(tree, file)
    data = find(tree, archive + ".tar")
    if not isinstance(data, bytes):
        return None
    try:
        offset, size = members(data)[name]
    except (KeyError, tarfile.TarError):
        return None
    return data[offset:offset + size]


def fault(state, whole):
    """What counts in this state and is wrong; None where nothing is."""
    lines = {n: set(d.splitlines(keepends=True)) for n, d in whole["chunks"].items()}
    for name, data in (state.get("chunks") or {}).items():
        for line in data.splitlines(keepends=True):
            if line not in lines.get(name, ()):
                return f"chunks/{name} is not whole"
            for p in json.loads(line)["planes"]:
                if plane(state, p["file"]) != planes[p["file"]]:
                    return f"{p['file']} counts and is not whole"
    head = state.get("dataset.json")
    if head is None:
        return "chunks count without dataset.json" if state.get("chunks") else None
    try:
        complete = json.loads(head).get("counts") is not None
    except ValueError:
        return "dataset.json is not whole"
    if complete and not any(state.get("annotations") == a for a in annotations):
        return "dataset.json says that annotations are complete, and they are not"
    return None


# An archive is written before the records that speak of its new frames: what they do not speak of yet is made again, and
# the program says so. Nothing that a record speaks of may be.
SURPLUS = re.compile(r"diorama: made again: \S+\.tar: found \d+ files, expected \d+ by the records")


def run(commands, **options):
    for command in commands:
        found = subprocess.run([program] + command + ["--quiet"], text=True, capture_output=True, timeout=60, **options)
        if found.returncode != 0 or not all(SURPLUS.fullmatch(line) for line in found.stderr.splitlines()):
            return f"{' '.join(map(str, command))}: exit code {found.returncode}, {found.stderr!r}"
    return None


def difference(found, expected, at=""):
    if not (isinstance(found, dict) and isinstance(expected, dict)):
        return None if found == expected else at
    for n in sorted(found.keys() | expected.keys()):
        if n not in found or n not in expected:
            return f"{at}{n} ({'missing' if n not in found else 'too many'})"
        inner = difference(found[n], expected[n], f"{at}{n}/")
        if inner:
            return inner
    return None


SCENE = ["render", "Scenes/primitives.yaml", "--size", "64x48", "--chunk", "3", "--threads", "2"]


def render(out, frames, layout, *more):
    return SCENE + ["--frames", str(frames), "--layout", layout, "--out", str(out), *more]


def scenarios():
    """Name, commands before, commands on the dataset."""
    for layout in ("folder", "tar"):
        yield f"render, {layout}", [], lambda out, layout=layout: [render(out, 8, layout)]
        yield f"grow, {layout}", [], lambda out, layout=layout: [render(out, 4, layout), render(out, 8, layout)]
        shards = [work / f"{layout}-shard-{i}" for i in range(2)]
        before = [render(s, 8, layout, "--shard", f"{i}/2") for i, s in enumerate(shards)]
        yield f"merge, {layout}", before, lambda out, shards=shards: [
            ["merge", *map(str, shards), "--out", str(out), "--frames", "8"]]
    yield "annotations of another form", [], lambda out: [
        render(out, 8, "folder"), ["merge", str(out), "--annotations", "chunks"],
        ["merge", str(out), "--annotations", "chunks"], ["merge", str(out), "--annotations", "one"]]


looked = resumed = 0
for name, before, commands in scenarios():
    run(before)
    # Every state that was complete when a command ended is one that annotations may be in.
    annotations = []
    expected = work / "expected"
    for c in commands(expected):
        message = run([c])
        if message:
            sys.exit(f"{name}: {message}")
        annotations.append(read_tree(expected)["annotations"])
    whole = read_tree(expected)
    planes = {p["file"]: plane(whole, p["file"]) for d in whole["chunks"].values() for line in d.splitlines()
              for p in json.loads(line)["planes"]}
    root = work / "disk"
    root.mkdir()
    out, journal = root / "set", work / "journal"
    disk = Disk(root)
    message = run(commands(out), env=dict(os.environ, LD_PRELOAD=str(shim), JOURNAL=str(journal), JOURNAL_ROOT=str(root)))
    if message:
        sys.exit(f"{name}: {message}")
    if difference(read_tree(out), whole):
        sys.exit(f"{name}: written down, it differs: {difference(read_tree(out), whole)}")
    steps = list(operations(journal))
    shutil.rmtree(root)
    chosen = set(dice.sample(range(len(steps)), min(RESUMES, len(steps))))
    for n, step in enumerate(steps):
        disk.play(*step)
        what = f"{name}: power lost after operation {n + 1} of {len(steps)} ({step[0]} {step[2] or step[1]})"
        states = [disk.after_power_loss().get("set") for _ in range(STATES)]
        for state in states:
            looked += 1
            wrong = fault(state, whole) if state else None
            if wrong:
                sys.exit(f"{what}: {wrong}")
        if n not in chosen:
            continue
        # The machine has started again, so folders of unfinished files are another boot's.
        state = {(p if not p.startswith(".part-") else ".part-before-" + p[-4:]): t for p, t in (states[0] or {}).items()}
        root.mkdir()
        write_tree(state, out)
        resumed += 1
        message = run(commands(out))
        if message:
            sys.exit(f"{what}: {message}")
        if difference(read_tree(out), whole):
            sys.exit(f"{what}: the next run ended, but {difference(read_tree(out), whole)} differs; found {sorted(state)}")
        shutil.rmtree(root)
    # What a command has done when it ends stays; but for its folder of unfinished files, which may come back.
    for _ in range(STATES):
        state = {n: t for n, t in disk.after_power_loss()["set"].items() if not n.startswith(".part-")}
        if difference(state, whole):
            sys.exit(f"{name}: power lost after its end: {difference(state, whole)} differs")
    journal.unlink()
    shutil.rmtree(expected)
shutil.rmtree(work)
print(f"{looked} states after a loss of power hold nothing wrong that counts; {resumed} were completed to the same bytes")
