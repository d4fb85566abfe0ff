#!/usr/bin/env python3
"""Draws Documentation/Images/coverage.png: .ci/plot_coverage.py COVERAGE.csv PICTURE.png; needs matplotlib."""
import csv
import sys

import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt

curves = {}
for row in csv.DictReader(open(sys.argv[1])):
    curves.setdefault(row["method"], []).append((int(row["frames"]), float(row["discrepancy"])))

# One colour and one mark each: the plot can be read without colours.
styles = {"independent": ("#7f7f7f", "o", "independent"), "latin": ("#d98200", "s", "\\$latin"),
          "stratified": ("#2a7f9e", "^", "\\$stratified"), "sobol": ("#b0306a", "D", "\\$sobol")}
figure, axes = plt.subplots(figsize=(6.4, 4.2), dpi=125)
for name, points in curves.items():
    color, mark, label = styles[name]
    axes.plot(*zip(*points), color=color, marker=mark, markersize=5, label=label)
frames = [n for n, _ in curves["independent"]]
start = curves["independent"][0][1]
for power, label, first in ((-0.5, "$N^{-1/2}$", start * 1.5), (-1, "$N^{-1}$", curves["sobol"][0][1] * 0.62)):
    line = [first * (n / frames[0]) ** power for n in frames]
    axes.plot(frames, line, color="#b8b8b8", linewidth=0.9, linestyle="--")
    axes.annotate(label, (frames[-1], line[-1]), xytext=(5, 0), textcoords="offset points", va="center", color="#777")
axes.set_xscale("log", base=2)
axes.set_yscale("log")
axes.set_xticks(frames, [str(n) for n in frames])
axes.set_xlabel("frames N")
axes.set_ylabel("L2-star discrepancy of two parameters")
axes.grid(True, which="major", color="#e4e4e4", linewidth=0.7)
axes.set_axisbelow(True)
axes.legend(frameon=False)
for side in ("top", "right"):
    axes.spines[side].set_visible(False)
figure.tight_layout()
figure.savefig(sys.argv[2])
