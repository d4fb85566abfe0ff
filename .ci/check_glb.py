#!/usr/bin/env python3
"""GLB files that `diorama replay --glb` writes: valid by the rules of the glTF 2.0 specification, and the frame's own by trimesh.

    check_glb.py PROGRAM WORK     renders frames of several scenes, exports and checks them
    check_glb.py --validate FILE...

No validator of glTF is to be had as a Python or Debian package, so the rules that such a file can break are written down here:
the container, references, alignment, bounds, unit vectors, indices, images, units of what the extensions say.
"""
import io
import json
import math
import pathlib
import struct
import subprocess
import sys

import numpy as np
from PIL import Image

TYPES = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}
COMPONENTS = {5120: np.int8, 5121: np.uint8, 5122: np.int16, 5123: np.uint16, 5125: np.uint32, 5126: np.float32}
TOP = {"asset", "extensionsUsed", "extensionsRequired", "extensions", "extras", "scene", "scenes", "nodes", "cameras", "meshes",
       "materials", "textures", "images", "samplers", "accessors", "bufferViews", "buffers", "animations", "skins"}
KEYS = {
    "scenes": {"nodes"}, "nodes": {"children", "mesh", "camera", "matrix", "rotation", "scale", "translation", "skin", "weights"},
    "cameras": {"type", "perspective", "orthographic"}, "meshes": {"primitives", "weights"},
    "materials": {"pbrMetallicRoughness", "normalTexture", "occlusionTexture", "emissiveTexture", "emissiveFactor", "alphaMode",
                  "alphaCutoff", "doubleSided"},
    "textures": {"sampler", "source"}, "images": {"uri", "mimeType", "bufferView"},
    "samplers": {"magFilter", "minFilter", "wrapS", "wrapT"},
    "accessors": {"bufferView", "byteOffset", "componentType", "normalized", "count", "type", "max", "min", "sparse"},
    "bufferViews": {"buffer", "byteOffset", "byteLength", "byteStride", "target"}, "buffers": {"uri", "byteLength"},
}
# Ranges of the factors of extensions: name, least, greatest.
FACTORS = {
    "KHR_materials_clearcoat": [("clearcoatFactor", 0, 1), ("clearcoatRoughnessFactor", 0, 1)],
    "KHR_materials_sheen": [("sheenRoughnessFactor", 0, 1)],
    "KHR_materials_specular": [("specularFactor", 0, 1)],
    "KHR_materials_transmission": [("transmissionFactor", 0, 1)],
    "KHR_materials_emissive_strength": [("emissiveStrength", 0, math.inf)],
    "KHR_materials_ior": [("ior", 0, math.inf)],
}


class Faults(list):
    def need(self, holds, what):
        if not holds:
            self.append(what)
        return holds


def constant(text):
    raise ValueError(f"{text} is no JSON")


def validate(data):
    """What is wrong with a GLB file's bytes."""
    faults = Faults()
    need = faults.need
    if not need(len(data) >= 20 and data[:4] == b"glTF", "no GLB header"):
        return faults
    version, length = struct.unpack("<II", data[4:12])
    need(version == 2, f"container version {version}")
    need(length == len(data), f"length {length} of {len(data)} bytes")
    chunks, at = [], 12
    while at + 8 <= len(data):
        count, kind = struct.unpack("<I4s", data[at:at + 8])
        need(count % 4 == 0, f"chunk of {count} bytes")
        need(at + 8 + count <= len(data), "chunk beyond the end")
        chunks.append((kind, data[at + 8:at + 8 + count]))
        at += 8 + count
    need(at == len(data), "bytes behind the last chunk")
    if not need(chunks and chunks[0][0] == b"JSON", "first chunk is not JSON"):
        return faults
    need(len(chunks) <= 2 and all(k == b"BIN\0" for k, _ in chunks[1:]), "unknown chunks")
    try:
        root = json.loads(chunks[0][1].decode("utf-8"), parse_constant=constant)
    except ValueError as e:
        faults.append(f"JSON: {e}")
        return faults
    binary = chunks[1][1] if len(chunks) > 1 else b""
    try:
        validate_tree(root, binary, faults)
    except (KeyError, IndexError, TypeError, ValueError, OSError) as e:
        faults.append(f"broken: {type(e).__name__} {e}")
    return faults


def validate_tree(root, binary, faults):
    need = faults.need
    need(set(root) <= TOP, f"unknown members {set(root) - TOP}")
    need(root["asset"].get("version") == "2.0", "asset.version")
    for name, known in KEYS.items():
        for i, item in enumerate(root.get(name, [])):
            extra = set(item) - known - {"name", "extras", "extensions"}
            need(not extra, f"{name}[{i}]: unknown members {extra}")
        need(root.get(name) != [], f"{name} is empty")
    used, found = set(root.get("extensionsUsed", [])), set()

    def walk(value):
        if isinstance(value, dict):
            found.update(value.get("extensions", {}))
            for key, inner in value.items():
                if key != "extras":
                    walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(root)
    need(used == found, f"extensionsUsed says {sorted(used)}, found {sorted(found)}")
    need(len(used) == len(root.get("extensionsUsed", [])), "extensionsUsed names one twice")
    need(set(root.get("extensionsRequired", [])) <= used, "extensionsRequired names more than extensionsUsed")

    # The buffer and its views.
    for i, b in enumerate(root.get("buffers", [])):
        need(i == 0 and "uri" not in b, "one buffer, in the file")
        need(0 <= len(binary) - b["byteLength"] < 4, f"buffer of {b['byteLength']} bytes in a chunk of {len(binary)}")
    views, end = root.get("bufferViews", []), 0
    for i, v in enumerate(views):
        offset = v.get("byteOffset", 0)
        need(v["byteLength"] > 0 and offset + v["byteLength"] <= root["buffers"][v["buffer"]]["byteLength"], f"view {i}: bounds")
        need(offset >= end, f"view {i} overlaps the one before it")
        need(v.get("target") in (None, 34962, 34963), f"view {i}: target")
        end = offset + v["byteLength"]

    arrays = []
    for i, a in enumerate(root.get("accessors", [])):
        view, kind, width = views[a["bufferView"]], np.dtype(COMPONENTS[a["componentType"]]), TYPES[a["type"]]
        start = view.get("byteOffset", 0) + a.get("byteOffset", 0)
        need(start % kind.itemsize == 0 and start % 4 == 0, f"accessor {i}: alignment")
        size = a["count"] * width * kind.itemsize
        need(a["count"] > 0 and a.get("byteOffset", 0) + size <= view["byteLength"], f"accessor {i}: bounds")
        values = np.frombuffer(binary, kind, a["count"] * width, start).reshape(a["count"], width)
        need(kind != np.float32 or np.isfinite(values).all(), f"accessor {i}: values that are no numbers")
        for name, made in (("min", values.min(0)), ("max", values.max(0))):
            if name in a:
                need(len(a[name]) == width and (np.array(a[name], kind) == made).all(), f"accessor {i}: {name}")
        arrays.append(values)

    bound = {}

    def bind(view, target, what):
        need(views[view].get("target") == target, f"{what}: view {view} is not bound to {target}")
        need(bound.setdefault(view, target) == target, f"{what}: view {view} serves vertices and indices")

    seen = {name: set() for name in ("accessors", "materials", "meshes", "textures", "images", "samplers", "bufferViews", "cameras")}
    for i, m in enumerate(root.get("meshes", [])):
        need(m["primitives"], f"mesh {i}: no primitives")
        for p in m["primitives"]:
            what = f"mesh {i}"
            attributes = p["attributes"]
            need("POSITION" in attributes, f"{what}: no positions")
            need(set(p) <= {"attributes", "indices", "material", "mode", "targets", "extensions", "extras"}, f"{what}: members")
            count = len(arrays[attributes["POSITION"]])
            shapes = {"POSITION": (3,), "NORMAL": (3,), "TANGENT": (4,), "TEXCOORD_0": (2,), "COLOR_0": (3, 4)}
            for name, k in attributes.items():
                accessor, values = root["accessors"][k], arrays[k]
                seen["accessors"].add(k)
                bind(accessor["bufferView"], 34962, f"{what} {name}")
                need(accessor["componentType"] == 5126 and values.shape[1] in shapes[name], f"{what}: form of {name}")
                need(len(values) == count, f"{what}: {name} has {len(values)} of {count} vertices")
                if name == "POSITION":
                    need("min" in accessor and "max" in accessor, f"{what}: positions without bounds")
                if name in ("NORMAL", "TANGENT"):
                    off = np.abs(np.linalg.norm(values[:, :3].astype(float), axis=1) - 1).max()
                    need(off < 5e-4, f"{what}: {name} is off unit length by {off}")
                if name == "TANGENT":
                    need(np.isin(values[:, 3], (-1, 1)).all(), f"{what}: handedness of tangents")
                    need("NORMAL" in attributes, f"{what}: tangents without normals")
                if name == "COLOR_0":
                    need((values >= 0).all() and (values <= 1).all(), f"{what}: colours beyond 0 to 1")
            k = p["indices"]
            seen["accessors"].add(k)
            bind(root["accessors"][k]["bufferView"], 34963, f"{what} indices")
            indices = arrays[k][:, 0]
            need(root["accessors"][k]["componentType"] in (5121, 5123, 5125), f"{what}: form of indices")
            need(indices.max() < count, f"{what}: index {indices.max()} of {count} vertices")
            need(indices.max() != np.iinfo(indices.dtype).max, f"{what}: restart index")
            need(len(indices) % 3 == 0, f"{what}: {len(indices)} indices make no triangles")
            material = root["materials"][p["material"]]
            seen["materials"].add(p["material"])
            need("TEXCOORD_0" in attributes or '"index"' not in json.dumps(material), f"{what}: a texture without coordinates")

    def unit(values, what, count=None):
        need((count is None or len(values) == count) and all(0 <= v <= 1 for v in values), f"{what}: {values}")

    def texture(info, what):
        seen["textures"].add(info["index"])
        t = root["textures"][info["index"]]
        seen["images"].add(t["source"])
        seen["samplers"].add(t["sampler"])
        for name, e in info.get("extensions", {}).items():
            need(name == "KHR_texture_transform" and set(e) <= {"offset", "rotation", "scale", "texCoord"}, f"{what}: {name}")
        need(set(info) <= {"index", "texCoord", "scale", "strength", "extensions", "extras"}, f"{what}: members")

    for i, m in enumerate(root.get("materials", [])):
        what = f"material {i}"
        pbr = m.get("pbrMetallicRoughness", {})
        unit(pbr.get("baseColorFactor", [1] * 4), what + " baseColorFactor", 4)
        unit([pbr.get("metallicFactor", 1), pbr.get("roughnessFactor", 1)], what + " factors")
        unit(m.get("emissiveFactor", [0] * 3), what + " emissiveFactor", 3)
        need(m.get("alphaMode", "OPAQUE") in ("OPAQUE", "MASK", "BLEND"), what + " alphaMode")
        need("alphaCutoff" not in m or m.get("alphaMode") == "MASK" and m["alphaCutoff"] >= 0, what + " alphaCutoff")
        for holder, name in [(pbr, "baseColorTexture"), (pbr, "metallicRoughnessTexture"), (m, "normalTexture"),
                             (m, "occlusionTexture"), (m, "emissiveTexture")]:
            if name in holder:
                texture(holder[name], f"{what} {name}")
        if "occlusionTexture" in m:
            unit([m["occlusionTexture"].get("strength", 1)], what + " strength")
        for name, e in m.get("extensions", {}).items():
            if need(name in FACTORS, f"{what}: unknown extension {name}"):
                for key, least, most in FACTORS[name]:
                    need(key not in e or least <= e[key] <= most, f"{what}: {key}")
                if name == "KHR_materials_ior":
                    need(e["ior"] == 0 or e["ior"] >= 1, f"{what}: ior")
                unit(e.get("sheenColorFactor", [0] * 3), what + " sheenColorFactor", 3)
    for i, s in enumerate(root.get("samplers", [])):
        need(s.get("magFilter") in (9728, 9729) and s.get("minFilter") in (9728, 9729, 9984, 9985, 9986, 9987), f"sampler {i}")
        need(s.get("wrapS") in (33071, 33648, 10497) and s.get("wrapT") in (33071, 33648, 10497), f"sampler {i}")
    for i, image in enumerate(root.get("images", [])):
        view = views[image["bufferView"]]
        seen["bufferViews"].add(image["bufferView"])
        need("target" not in view, f"image {i}: a view with a target")
        need(image["mimeType"] == "image/png", f"image {i}: mimeType")
        start = view.get("byteOffset", 0)
        picture = Image.open(io.BytesIO(binary[start:start + view["byteLength"]]))
        need(picture.format == "PNG" and picture.mode in ("RGB", "RGBA"), f"image {i}: {picture.format} {picture.mode}")
        picture.load()

    for i, c in enumerate(root.get("cameras", [])):
        lens = c[c["type"]]
        if c["type"] == "perspective":
            need(0 < lens["yfov"] < math.pi and lens["znear"] > 0 and lens["aspectRatio"] > 0, f"camera {i}")
        else:
            need(lens["xmag"] > 0 and lens["ymag"] > 0 and lens["zfar"] > lens["znear"] >= 0, f"camera {i}")
    lights = root.get("extensions", {}).get("KHR_lights_punctual", {}).get("lights", [])
    for i, l in enumerate(lights):
        need(l["type"] in ("directional", "point", "spot") and l["intensity"] >= 0, f"light {i}")
        unit(l["color"], f"light {i} color", 3)
        need(("spot" in l) == (l["type"] == "spot"), f"light {i}: cone")
        if "spot" in l:
            need(0 <= l["spot"]["innerConeAngle"] < l["spot"]["outerConeAngle"] <= math.pi / 2, f"light {i}: cone")

    parents, lit = {}, set()
    for i, n in enumerate(root["nodes"]):
        for child in n.get("children", []):
            need(child not in parents and child != i and child < len(root["nodes"]), f"node {child}: its parents")
            parents[child] = i
        if "mesh" in n:
            root["meshes"][n["mesh"]]
            seen["meshes"].add(n["mesh"])
        if "camera" in n:
            root["cameras"][n["camera"]]
            seen["cameras"].add(n["camera"])
        for name, e in n.get("extensions", {}).items():
            need(name == "KHR_lights_punctual" and e["light"] < len(lights), f"node {i}: {name}")
            lit.add(e["light"])
        if "matrix" in n:
            m = np.array(n["matrix"], float).reshape(4, 4).T
            need((m[3] == (0, 0, 0, 1)).all() and np.isfinite(m).all(), f"node {i}: last row")
            columns = m[:3, :3] / np.linalg.norm(m[:3, :3], axis=0)
            need(np.abs(columns.T @ columns - np.eye(3)).max() < 1e-5, f"node {i}: a matrix that is no turn, scale and shift")
    names = [n["name"] for n in root["nodes"] if "name" in n]
    need(len(set(names)) == len(names), "nodes of one name")
    roots = [n for s in root["scenes"] for n in s["nodes"]]
    need(all(r not in parents for r in roots) and 0 <= root.get("scene", 0) < len(root["scenes"]), "roots")
    reached, todo = set(), list(roots)
    while todo:
        n = todo.pop()
        reached.add(n)
        todo += root["nodes"][n].get("children", [])
    need(reached == set(range(len(root["nodes"]))), "nodes that no scene has")
    for name in ("accessors", "materials", "meshes", "textures", "images", "samplers", "cameras"):
        rest = set(range(len(root.get(name, [])))) - seen[name]
        need(not rest, f"{name} that nothing uses: {sorted(rest)[:4]}")
    need(lit == set(range(len(lights))), "lights that nothing uses")
    rest = set(range(len(views))) - seen["bufferViews"] - {a["bufferView"] for a in root.get("accessors", [])}
    need(not rest, f"views that nothing uses: {sorted(rest)[:4]}")


def rebuilt(root, binary):
    """A GLB file of these parts."""
    text = json.dumps(root).encode()
    text += b" " * (-len(text) % 4)
    body = struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(binary), b"BIN\0") + bytes(binary)
    return b"glTF" + struct.pack("<II", 2, 12 + len(body)) + body


def check_the_rules(data):
    """Each rule finds what breaks it."""
    size = struct.unpack("<I", data[12:16])[0]
    text, binary = data[20:20 + size], bytearray(data[28 + size:])

    def attribute(root, name):
        return root["accessors"][next(p["attributes"][name] for m in root["meshes"] for p in m["primitives"] if name in p["attributes"])]

    def place(root, accessor):
        return root["bufferViews"][accessor["bufferView"]]["byteOffset"]

    def bend(root, body, accessor, values):
        at = place(root, accessor)
        body[at:at + len(values)] = values

    breaks = {
        "a bound that is not one": lambda r, b: attribute(r, "POSITION")["max"].__setitem__(0, 1e3),
        "a normal that is not of unit length": lambda r, b: bend(r, b, attribute(r, "NORMAL"), struct.pack("<f", 3)),
        "a position that is no number": lambda r, b: bend(r, b, attribute(r, "POSITION"), struct.pack("<f", math.nan)),
        "an index beyond the vertices": lambda r, b: bend(
            r, b, r["accessors"][r["meshes"][0]["primitives"][0]["indices"]], b"\xf0\xff"),
        "a view that is not aligned": lambda r, b: r["bufferViews"][0].__setitem__("byteOffset", 2),
        "a view of another kind": lambda r, b: r["bufferViews"][0].__setitem__("target", 34963),
        "a factor above 1": lambda r, b: r["materials"][0]["pbrMetallicRoughness"].__setitem__("metallicFactor", 2),
        "an extension that is not announced": lambda r, b: r["extensionsUsed"].remove("KHR_lights_punctual"),
        "a texture that there is not": lambda r, b: r["textures"][0].__setitem__("source", 9999),
        "a damaged image": lambda r, b: b.__setitem__(r["bufferViews"][r["images"][0]["bufferView"]]["byteOffset"], 0),
        "a sheared matrix": lambda r, b: r["nodes"][-2].__setitem__("matrix", [1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]),
        "two parents": lambda r, b: r["nodes"][-1]["children"].append(r["nodes"][-1]["children"][0]),
        "a member that there is not": lambda r, b: r["materials"][0].__setitem__("colour", 1),
        "an angle beyond a half turn": lambda r, b: r["cameras"][0]["perspective"].__setitem__("yfov", 4),
    }
    for what, change in breaks.items():
        root, body = json.loads(text), bytearray(binary)
        change(root, body)
        assert validate(rebuilt(root, body)), f"nothing is found wrong with {what}"
    assert not validate(rebuilt(json.loads(text), binary))
    assert validate(data[:-4]) and validate(data + b"\0\0\0\0"), "a file of another length than it says is taken"
    print(f"the rules find {len(breaks) + 2} kinds of faults")


def run(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def project(points, record):
    c = record["camera"]
    p = points @ np.array(c["R"]).reshape(3, 3).T + np.array(c["t"])
    k = np.array(c["K"]).reshape(3, 3)
    return p[:, :2] / p[:, 2:] * (k[0, 0], k[1, 1]) + (k[0, 2], k[1, 2]), p[:, 2]


def check_by_trimesh(path, record):
    """Every labelled object is there under its name, and where it is seen its points lie around its box."""
    import trimesh

    scene = trimesh.load_scene(path)
    # glTF's +Y up back to +Z up.
    up = np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]])
    boxes = 0
    for instance in record["instances"]:
        transform, geometry = None, []
        for name in scene.graph.nodes_geometry:
            if name == instance["name"] or name.startswith(instance["name"] + "_") or scene.graph.transforms.parents.get(name) == instance["name"]:
                transform, key = scene.graph[name]
                geometry.append(trimesh.transform_points(scene.geometry[key].vertices, transform))
        assert geometry, f"{path}: trimesh finds no {instance['name']}"
        points, depth = project(np.concatenate(geometry) @ up.T, record)
        box = instance["box"]
        # The visible box lies within what the vertices span, where the picture is a pinhole's.
        if box and (depth > 0.01).all() and record["camera"]["model"] == "pinhole":
            low, high = points.min(0), points.max(0)
            assert (low <= np.array(box[:2]) + 1).all(), f"{instance['name']}: {low} {box}"
            assert (high >= np.array(box[:2]) + np.array(box[2:]) - 1).all(), f"{instance['name']}: {high} {box}"
            boxes += 1
    assert boxes or record["camera"]["model"] != "pinhole", f"{path}: no object is wholly before the camera"
    cameras = [n for n in scene.graph.nodes if n in ("camera", "left", "right")]
    assert cameras, f"{path}: trimesh finds no camera"
    return len(record["instances"]), boxes


def main(program, work):
    work = pathlib.Path(work)
    work.mkdir(parents=True, exist_ok=True)
    scenes = ["dominoes", "primitives", "bin", "characters", "stereo", "gallery/materials", "gallery/materials_layers", "gallery/lights",
              "gallery/glass", "gallery/prints", "gallery/modifiers", "gallery/solids"]
    for name in scenes:
        out = work / name.replace("/", "-")
        run(program, "render", f"Scenes/{name}.yaml", "--frames", "1", "--size", "160x120", "--out", str(out), "--quiet")
        glb = str(out) + ".glb"
        folder = str(pathlib.Path(f"Scenes/{name}.yaml").parent)
        run(program, "replay", str(out), "--frame", "0", "--assets", folder, "--glb", glb)
        if name == scenes[0]:
            check_the_rules(pathlib.Path(glb).read_bytes())
        faults = validate(pathlib.Path(glb).read_bytes())
        assert not faults, f"{name}: {faults[:8]}"
        record = json.loads(next(iter((out / "chunks").glob("*.jsonl"))).read_text().splitlines()[0])
        objects, boxes = check_by_trimesh(glb, record)
        again = str(out) + "-again.glb"
        run(program, "replay", str(out), "--frame", "0", "--assets", folder, "--glb", again, "--threads", "1")
        assert pathlib.Path(glb).read_bytes() == pathlib.Path(again).read_bytes(), f"{name}: other bytes the second time"
        print(f"{name}: valid, {objects} objects by name, {boxes} within their boxes, {pathlib.Path(glb).stat().st_size} bytes")


if __name__ == "__main__":
    if sys.argv[1] == "--validate":
        bad = 0
        for f in sys.argv[2:]:
            found = validate(pathlib.Path(f).read_bytes())
            bad += bool(found)
            print(f, "valid" if not found else found[:8])
        sys.exit(1 if bad else 0)
    main(*sys.argv[1:])
