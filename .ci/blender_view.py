"""Run inside Blender: blender -b -P blender_view.py -- FRAME.glb INDICES.npy PICTURE.png [SAMPLES]

Imports the file as any user would, then asks Cycles who owns each pixel: one ray through its centre, by the pass of object
indices, which are set to the instance ids that the file's nodes carry. The picture takes its light from the file, and the
light from all around, for which glTF has no word, from the extras of the scene.
"""
import json
import pathlib
import struct
import sys

import bpy
import numpy as np

# The importer of Blender 3.4 uses a name that NumPy 1.24 took away; Debian 12 ships the two together.
for name, kind in (("bool", bool), ("int", int), ("float", float)):
    if not hasattr(np, name):
        setattr(np, name, kind)

glb, indices, picture, *rest = sys.argv[sys.argv.index("--") + 1:]
samples = int(rest[0]) if rest else 64

data = pathlib.Path(glb).read_bytes()
told = json.loads(data[20:20 + struct.unpack("<I", data[12:16])[0]])
extras = told["scenes"][0]["extras"]
lens = told["cameras"][0]

bpy.ops.wm.read_factory_settings(use_empty=True)
bpy.ops.import_scene.gltf(filepath=glb)
for light in bpy.data.lights:
    # Blender takes candela and lux for watts of light the eye sees best, 683 lumens each. In Diorama's units, whatever they
    # are called, radiance 1 is white, as it is in Blender's.
    light.energy *= 683
scene = bpy.context.scene
scene.camera = next(o for o in bpy.data.objects if o.type == "CAMERA")
camera = scene.camera.data
camera.clip_end = 1e5
width, height = extras["width"], extras["height"]
render = scene.render
render.resolution_x, render.resolution_y, render.resolution_percentage = width, height, 100
own = lens["extras"]
# The principal point and pixels that are no squares: glTF has no words for them, its extras do. Blender's shift is in units
# of the longer side as it is shown.
if own["fx"] < own["fy"]:
    render.pixel_aspect_x = own["fy"] / own["fx"]
else:
    render.pixel_aspect_y = own["fx"] / own["fy"]
f = max(own["fx"], own["fy"])
if lens["type"] == "perspective":
    shown = (width * render.pixel_aspect_x, height * render.pixel_aspect_y)
    camera.sensor_fit = "HORIZONTAL" if shown[0] >= shown[1] else "VERTICAL"
    longer = max(shown)
    # The angle as the file has it in words of Blender: by the longer side.
    camera.lens_unit = "MILLIMETERS"
    camera.sensor_width = camera.sensor_height = 36
    camera.lens = 36 * (own["fx"] * render.pixel_aspect_x) / longer
    camera.shift_x = (width / 2 - own["cx"]) * render.pixel_aspect_x / longer
    camera.shift_y = (own["cy"] - height / 2) * render.pixel_aspect_y / longer

for o in bpy.data.objects:
    if o.type == "MESH":
        o.pass_index = int(o.get("instance_id", 0))

world = bpy.data.worlds.new("all around")
scene.world = world
world.use_nodes = True
tree = world.node_tree
ground, sky = extras["ambient_ground"], extras["ambient_sky"]
coordinate = tree.nodes.new("ShaderNodeTexCoord")
axes = tree.nodes.new("ShaderNodeSeparateXYZ")
share = tree.nodes.new("ShaderNodeMapRange")
share.inputs["From Min"].default_value = -1
mix = tree.nodes.new("ShaderNodeMixRGB")
mix.inputs["Color1"].default_value = (*ground, 1)
mix.inputs["Color2"].default_value = (*sky, 1)
tree.links.new(coordinate.outputs["Generated"], axes.inputs[0])
tree.links.new(axes.outputs["Z"], share.inputs["Value"])
tree.links.new(share.outputs["Result"], mix.inputs["Fac"])
tree.links.new(mix.outputs["Color"], tree.nodes["Background"].inputs["Color"])

render.engine = "CYCLES"
scene.cycles.device = "CPU"
scene.cycles.use_denoising = False
scene.cycles.use_adaptive_sampling = False
scene.cycles.seed = 0
render.threads_mode, render.threads = "FIXED", 2
scene.view_settings.view_transform = "Standard"
scene.view_settings.look = "None"

# Who owns each pixel. A blended surface does where its alpha is 1/2 or more, says Diorama; Cycles throws dice for it.
restored = []
for material in bpy.data.materials:
    if not material.use_nodes or material.blend_method != "BLEND":
        continue
    tree = material.node_tree
    for node in [n for n in tree.nodes if n.type == "BSDF_PRINCIPLED"]:
        alpha = node.inputs["Alpha"]
        if alpha.is_linked:
            source = alpha.links[0].from_socket
            step = tree.nodes.new("ShaderNodeMath")
            step.operation = "GREATER_THAN"
            step.inputs[1].default_value = 0.49999
            tree.links.new(source, step.inputs[0])
            tree.links.new(step.outputs[0], alpha)
            restored.append(lambda tree=tree, source=source, alpha=alpha: tree.links.new(source, alpha))
        else:
            own = alpha.default_value
            alpha.default_value = float(own >= 0.49999)
            restored.append(lambda alpha=alpha, own=own: setattr(alpha, "default_value", own))
layer = bpy.context.view_layer
layer.use_pass_object_index = True
scene.use_nodes = True
nodes = scene.node_tree.nodes
nodes.clear()
source = nodes.new("CompositorNodeRLayers")
target = nodes.new("CompositorNodeOutputFile")
folder = pathlib.Path(indices).resolve().parent
target.base_path = str(folder)
target.format.file_format = "OPEN_EXR"
target.format.color_depth = "32"
target.format.color_mode = "RGB"
target.file_slots[0].path = "indices_"
scene.node_tree.links.new(source.outputs["IndexOB"], target.inputs[0])
scene.cycles.samples = 1
scene.cycles.max_bounces = 0
scene.cycles.transparent_max_bounces = 64
scene.cycles.pixel_filter_type = "BOX"
scene.cycles.filter_width = 0.01
bpy.ops.render.render()
exr = folder / f"indices_{scene.frame_current:04d}.exr"
image = bpy.data.images.load(str(exr))
image.colorspace_settings.name = "Non-Color"
pixels = np.array(image.pixels[:], dtype=np.float32).reshape(height, width, image.channels)[::-1, :, 0]
np.save(indices, np.rint(pixels).astype(np.uint16))
exr.unlink()

# What it looks like.
for restore in restored:
    restore()
if samples:
    scene.use_nodes = False
    scene.cycles.samples = samples
    scene.cycles.max_bounces = 6
    scene.cycles.filter_width = 1.0
    render.film_transparent = False
    render.image_settings.file_format = "PNG"
    render.filepath = str(pathlib.Path(picture).resolve())
    bpy.ops.render.render(write_still=True)
