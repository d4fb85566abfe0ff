#!/usr/bin/env python3
"""Frames exported as glTF, drawn by Blender: who owns each pixel must be who Diorama says.

    check_blender.py PROGRAM WORK [SAMPLES [SCENE...]]

Cycles sends one ray through the centre of each pixel and tells the object it meets; at least 99.8 % of the pixels of each frame
must agree with Diorama's instance plane. Other scenes than those below may be named. With SAMPLES above 0 Blender's picture is put beside Diorama's, in WORK/NAME.png, to
be looked at.
"""
import pathlib
import subprocess
import sys

import numpy as np
from PIL import Image

LEAST = 0.998
# Scene, frame.
FRAMES = [
    ("dominoes", 0), ("dominoes", 3), ("primitives", 5), ("bin", 0), ("characters", 1), ("shelf", 2), ("distractors", 4),
    ("gallery/materials", 0), ("gallery/materials_layers", 0), ("gallery/surfaces", 0), ("gallery/modifiers", 0),
    ("gallery/solids", 0), ("gallery/lights", 0), ("gallery/prints", 0), ("gallery/glass", 0),
]


def main(program, work, samples="0", *scenes):
    work = pathlib.Path(work)
    work.mkdir(parents=True, exist_ok=True)
    worst = []
    for scene, frame in [(s, 0) for s in scenes] or [(f"Scenes/{s}.yaml", f) for s, f in FRAMES]:
        source = pathlib.Path(scene)
        name = f"{source.parent.name}-{source.stem}-{frame}"
        out = work / name
        if not (out / "dataset.json").exists():
            subprocess.run([program, "render", str(source), "--first", str(frame), "--frames", "1", "--annotations", "instance",
                            "--out", str(out), "--quiet"], check=True)
        glb, indices, picture = work / f"{name}.glb", work / f"{name}.npy", work / f"{name}-blender.png"
        subprocess.run([program, "replay", str(out), "--frame", str(frame), "--assets", str(source.parent), "--glb",
                        str(glb), "--overwrite"], check=True, stdout=subprocess.DEVNULL)
        script = pathlib.Path(__file__).parent / "blender_view.py"
        done = subprocess.run(["blender", "-b", "--factory-startup", "-noaudio", "--python-exit-code", "1", "-P", str(script), "--",
                               str(glb), str(indices), str(picture), samples], capture_output=True, text=True)
        assert done.returncode == 0, f"{name}: blender ended with {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        own = np.array(Image.open(out / f"labels/instance/{frame:06d}.png"))
        theirs = np.load(indices)
        agreement = float((own == theirs).mean())
        print(f"{name}: {100 * agreement:.3f} % of {own.size} pixels", flush=True)
        Image.fromarray(((own != theirs) * 255).astype(np.uint8)).save(work / f"{name}-differences.png")
        if samples != "0":
            pair = [Image.open(out / f"images/{frame:06d}.png").convert("RGB"), Image.open(picture).convert("RGB")]
            sheet = Image.new("RGB", (pair[0].width * 2, pair[0].height))
            for k, p in enumerate(pair):
                sheet.paste(p, (k * pair[0].width, 0))
            sheet.save(work / f"{name}.png")
        if agreement < LEAST:
            worst.append(f"{name}: {agreement:.5f}")
    assert not worst, f"expected at least {LEAST}: {worst}"


if __name__ == "__main__":
    main(*sys.argv[1:])
