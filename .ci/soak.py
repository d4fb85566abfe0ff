#!/usr/bin/env python3
"""Kills renders with SIGKILL at random moments, runs them again until they are done, and expects the bytes of a run that
nobody disturbed. One process and shards that share a folder, files and archives in turn.

  soak.py PROGRAM KILLS [SEED]

No frame is rendered more often than once per kill and chunk. The log says so: frames are rendered only of chunks that an
`open` event names, and

- a chunk whose record file was there when a run began is not opened by it;
- no run opens a chunk twice, and a run that was killed leaves no more open than it has threads, and one;
- a chunk is committed once.
"""
import collections
import filecmp
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

program, kills = sys.argv[1], int(sys.argv[2])
seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
dice = random.Random(seed)
work = pathlib.Path(tempfile.mkdtemp(prefix="diorama-soak-"))
FRAMES, CHUNK, SHARDS, THREADS = 48, 5, 3, 2
# A dataset suffers so many kills at most, so that there are many datasets, killed early and late.
KILLS_A_DATASET = 8
SCENE = [program, "render", "Scenes/dominoes.yaml", "--frames", str(FRAMES), "--chunk", str(CHUNK), "--size", "160x120"]


def tree(folder):
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def compare(expected, found, what):
    a, b = tree(expected), tree(found)
    if a != b:
        sys.exit(f"{what}: files differ: missing {sorted(set(a) - set(b))[:5]}, too many {sorted(set(b) - set(a))[:5]}")
    for name in a:
        if not filecmp.cmp(expected / name, found / name, shallow=False):
            sys.exit(f"{what}: {name} differs from the undisturbed run's")


def start(out, options, log):
    return subprocess.Popen(SCENE + ["--out", str(out)] + options, stderr=log)


def examine(log, there, what):
    """The chunks that a run has committed, by its log."""
    opened, found = [], []
    for line in log.read_text().splitlines():
        try:
            event = json.loads(line)
        except ValueError:  # the line that the kill cut off
            continue
        if event["event"] == "open":
            opened.append(event["chunk"])
        if event["event"] == "chunk":
            found.append(event["chunk"])
        if event["event"] in ("damage", "failed"):
            sys.exit(f"{what}: {line}")
    again = [c for c in opened if c in there]
    if again:
        sys.exit(f"{what}: chunks {again} were there and were rendered again")
    if len(set(opened)) < len(opened):
        sys.exit(f"{what}: opened chunks {opened}, expected each once")
    if len(opened) - len(found) > THREADS + 1 or not set(found) <= set(opened):
        sys.exit(f"{what}: opened chunks {opened} and committed {found}, expected at most {THREADS + 1} open ones")
    return found, len(opened)


# What an undisturbed run writes, and how long it takes.
whole, seconds = {}, {}
for layout in ("folder", "tar"):
    whole[layout] = work / f"whole-{layout}"
    began = time.monotonic()
    subprocess.run(SCENE + ["--layout", layout, "--out", str(whole[layout]), "--quiet"], check=True)
    seconds[layout] = time.monotonic() - began

done, rounds, runs, opened = 0, 0, 0, 0
while done < kills:
    layout, sharded = ("folder", "tar")[rounds % 2], rounds // 2 % 2 == 1
    rounds += 1
    out = work / f"round-{rounds}"
    parts = [["--layout", layout, "--threads", str(THREADS)] + (["--shard", f"{i}/{SHARDS}"] if sharded else [])
             for i in range(SHARDS if sharded else 1)]
    finished, chunks = set(), collections.Counter()
    what = f"round {rounds} ({layout}, {'shards' if sharded else 'one process'}, seed {seed})"
    last = min(kills, done + KILLS_A_DATASET)
    while len(finished) < len(parts):
        there = {int(p.stem) for p in (out / "chunks").glob("*.jsonl")}
        processes = {}
        for i, options in enumerate(parts):
            if i not in finished:
                runs += 1
                log = work / f"log-{runs}"
                processes[i] = (start(out, options, log.open("w")), log)
        if done < last:
            time.sleep(dice.uniform(0, 1.1) * seconds[layout])
            for i in processes:
                if processes[i][0].poll() is None:
                    processes[i][0].send_signal(signal.SIGKILL)
        for i, (process, log) in processes.items():
            code = process.wait()
            found, n = examine(log, there, what)
            chunks.update(found)
            opened += n
            if code == 0:
                finished.add(i)
            elif code == -signal.SIGKILL:
                done += 1
            else:
                sys.exit(f"{what}: exit code {code}\n{log.read_text()}")
    twice = [c for c, n in chunks.items() if n > 1]
    if twice:
        sys.exit(f"{what}: chunks {twice} were committed and made again")
    if sharded:
        subprocess.run([program, "merge", str(out), "--frames", str(FRAMES), "--shards", str(SHARDS), "--check", "--quiet"],
                       check=True)
    compare(whole[layout], out, what)
    shutil.rmtree(out)
shutil.rmtree(work)
total = rounds * -(-FRAMES // CHUNK)
print(f"{done} kills in {rounds} datasets and {runs} runs: the bytes are those of undisturbed runs; {total} chunks were begun "
      f"{opened} times")
