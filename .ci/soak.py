#!/usr/bin/env python3
"""Kills renders with SIGKILL at random moments, runs them again until they are done, and expects the bytes of a run that
nobody disturbed. One process and shards that share a folder, files and archives in turn.

  soak.py PROGRAM KILLS [SEED]

What has been committed once must never be committed again: no chunk stands in two `chunk` events of a dataset's runs.
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
FRAMES, CHUNK, SHARDS = 48, 5, 3
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


def committed(log):
    found = []
    for line in log.read_text().splitlines():
        try:
            event = json.loads(line)
        except ValueError:  # the line that the kill cut off
            continue
        if event["event"] == "chunk":
            found.append(event["chunk"])
        if event["event"] in ("damage", "failed"):
            sys.exit(f"{log}: {line}")
    return found


# What an undisturbed run writes, and how long it takes.
whole, seconds = {}, {}
for layout in ("folder", "tar"):
    whole[layout] = work / f"whole-{layout}"
    began = time.monotonic()
    subprocess.run(SCENE + ["--layout", layout, "--out", str(whole[layout]), "--quiet"], check=True)
    seconds[layout] = time.monotonic() - began

done, rounds, runs = 0, 0, 0
while done < kills:
    layout, sharded = ("folder", "tar")[rounds % 2], rounds // 2 % 2 == 1
    rounds += 1
    out = work / f"round-{rounds}"
    parts = [["--layout", layout, "--threads", "2"] + (["--shard", f"{i}/{SHARDS}"] if sharded else [])
             for i in range(SHARDS if sharded else 1)]
    finished, chunks = set(), collections.Counter()
    what = f"round {rounds} ({layout}, {'shards' if sharded else 'one process'}, seed {seed})"
    while len(finished) < len(parts):
        processes = {}
        for i, options in enumerate(parts):
            if i not in finished:
                runs += 1
                log = work / f"log-{runs}"
                processes[i] = (start(out, options, log.open("w")), log)
        if done < kills:
            time.sleep(dice.uniform(0, 0.7) * seconds[layout])
            for i in processes:
                if processes[i][0].poll() is None:
                    processes[i][0].send_signal(signal.SIGKILL)
        for i, (process, log) in processes.items():
            code = process.wait()
            chunks.update(committed(log))
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
print(f"{done} kills in {rounds} datasets and {runs} runs: the bytes are those of undisturbed runs")
