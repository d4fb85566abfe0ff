#!/usr/bin/env python3
"""Draws the pictures of Documentation/Camera.md: one scene, one frame, another camera each time.

    make build && .ci/camera_pictures.py
"""
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).parent.parent
PROGRAM = ROOT / ".build/release/diorama"
OUT = ROOT / "Documentation/Images/camera"

SCENE = """
image: {width: 240, height: 180}
camera: {%s}
sun: {azimuth: 40, elevation: 48, intensity: 0.9}
ambient: {sky: [0.34, 0.38, 0.46], ground: [0.16, 0.14, 0.12]}
background: "#a9bccb"
exposure: %s
objects:
  - id: ground
    shape: {plane: {size: [60, 60]}}
    material: {roughness: 0.7, texture: {pattern: {checker: {pairs: 30}}, colors: ["#d8cfc0", "#8a8178"]}}
  - id: balls
    category: ball
    count: 7
    shape: {sphere: {radius: 0.35}}
    position: [{$expr: "index * 1.1 - 1.5"}, {$expr: "0.9 - index * 0.5"}, 0.35]
    material: {roughness: 0.3, color: {$hsv: {hue: {$expr: "index * 50"}, saturation: 0.8, value: 0.9}}}
  - id: block
    category: block
    shape: {rounded_box: {size: [0.8, 0.8, 1.2], radius: 0.1}}
    position: [0.4, -1.2, 0.6]
    material: {color: "#e8e4da", roughness: 0.5}
  - id: bar
    category: bar
    shape: {box: {size: [0.12, 0.12, 2]}}
    position: [-1.1, -0.8, 1]
    material: {color: "#303540", roughness: 0.4}
    %s
"""
STAND = "target: [0.6, -0.2, 0.5], azimuth: -75, elevation: 16, distance: 5"
# Name: camera, exposure, what the bar does.
PICTURES = {
    "off": ("fov: 45", 0, ""),
    "barrel": ("fov: 75, distortion: {k1: -0.28, k2: 0.06}", 0, ""),
    "fisheye": ("fov: 190, fisheye: {circle: 200}", 0, ""),
    "orthographic": ("orthographic: 4.2", 0, ""),
    "defocus": ("focal_length: 50, lens: {f_number: 0.7, focus_distance: 4.2}", 0, ""),
    "vignetting": ("fov: 45, lens: {natural_vignetting: 1, vignetting: [-0.6, 0, 0]}", 0, ""),
    "chromatic": ("fov: 45, lens: {chromatic_aberration: [0.012, -0.012]}", 0, ""),
    "motion": ("fov: 45, shutter: {time: 0.02, samples: 24}, angular_velocity: [0, 0, 60]", 0, "velocity: [20, 0, 0]"),
    "rolling": ("fov: 45, shutter: {readout: 0.03, samples: 48}", 0, "velocity: [25, 0, 0]"),
    "noise": ("fov: 45, sensor: {iso: 12800, white_electrons: 4000, read_noise: 2}", 0, ""),
    "defects": ("fov: 45, sensor: {shot_noise: false, read_noise: 0, dead_pixels: 0.003, hot_pixels: 0.003}", 0, ""),
    "mosaic": ("fov: 45, sensor: {shot_noise: false, read_noise: 0, mosaic: rggb, demosaic: bilinear}", 0, ""),
    "white-balance": ("fov: 45, development: {white_balance: [0.75, 0.95, 1.4]}", 0, ""),
    "srgb": ("fov: 45, development: {tone_curve: srgb}", 2, ""),
    "hable": ("fov: 45, development: {tone_curve: hable}", 2, ""),
    "aces": ("fov: 45, development: {tone_curve: aces}", 2, ""),
    "agx": ("fov: 45, development: {tone_curve: agx}", 2, ""),
    "sharpening": ("fov: 45, development: {sharpening: 2}", 0, ""),
    "jpeg": ("fov: 45, development: {jpeg_quality: 12}", 0, ""),
    "all": (
        "focal_length: 50, distortion: {k1: -0.2}, lens: {f_number: 1.4, focus_distance: 4.4, natural_vignetting: 1, "
        "chromatic_aberration: [0.002, -0.003]}, shutter: {time: 0.01, samples: 12}, "
        "sensor: {width: 36, iso: 3200, white_electrons: 5000, mosaic: rggb}, "
        "development: {tone_curve: agx, sharpening: 0.6, jpeg_quality: 85}", 0.5, "velocity: [12, 0, 0]"),
}

OUT.mkdir(parents=True, exist_ok=True)
with tempfile.TemporaryDirectory() as work:
    for name in sys.argv[1:] or PICTURES:
        camera, exposure, bar = PICTURES[name]
        scene = pathlib.Path(work) / f"{name}.yaml"
        scene.write_text(SCENE % (f"{STAND}, {camera}", exposure, bar))
        subprocess.run([PROGRAM, "render", scene, "--frames", "1", "--out", f"{work}/{name}", "--quiet"], check=True)
        (OUT / f"{name}.png").write_bytes(pathlib.Path(f"{work}/{name}/images/000000.png").read_bytes())
        print(OUT / f"{name}.png")
