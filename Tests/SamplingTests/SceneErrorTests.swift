import Testing

@testable import Sampling

@Suite struct SceneErrorTests {
  private static func message(_ text: String) -> String {
    do {
      let scene = try compiled(text)
      _ = try scene.frame(0, assets: TestAssets())
      return "no error"
    } catch { return "\(error)" }
  }

  private static let camera = "camera: {eye: [5, 0, 1]}\n"

  /// Scenes that are wrong, and what is said of them; the text of a scene follows a camera on line 1.
  static let broken: [(String, String)] = [
    ("colour: 1", "scene.yaml:2:1: found key \"colour\", expected one of name, "),
    (
      "imag: {}",
      "scene.yaml:2:1: found key \"imag\", expected one of the 30 known names; did you mean \"image\"?"
    ),
    ("image: {width: 0}", "scene.yaml:2:16: image.width: found 0, expected a whole number from 1 to 32768"),
    (
      "image: {width: 32768, height: 32768}",
      "scene.yaml:2:8: image: found an image of 32768 x 32768 pixels, expected at most 2^28 pixels in all"
    ),
    ("image: {width: wide}", "scene.yaml:2:16: image.width: found \"wide\", expected a whole number"),
    ("frames: 0", "scene.yaml:2:9: frames: found 0, expected a whole number from 1 to 4294967294"),
    (
      "frames: {$integer: [1, 2]}",
      "scene.yaml:2:10: frames: found something drawn, expected a value that is fixed for all frames"
    ),
    ("objects: {}", "scene.yaml:2:10: objects: found an empty mapping, expected a list of objects"),
    ("objects: [{shape: box}]", "scene.yaml:2:11: objects[0]: found no \"id\", expected an id, such as id: table"),
    (
      "objects: [{id: a, shape: box, count: -1}]",
      "scene.yaml:2:38: objects[0].count: found -1, expected a whole number from 0 to 65535"
    ),
    ("objects: [{id: a, shape: bx}]", "scene.yaml:2:26: objects[0].shape: found shape \"bx\", expected one of box, "),
    (
      "objects: [{id: a, shape: {sphere: {radius: {$uniform: [-2, -1]}}}}]",
      "scene.yaml:2:44: objects[0].shape.sphere.radius: found -1.",
    ),
    (
      "objects: [{id: a, shape: {sphere: {radus: 1}}}]",
      "scene.yaml:2:36: objects[0].shape.sphere: found key \"radus\", expected one of radius, segments, rings; did you mean \"radius\"?"
    ),
    ("objects: [{id: a}]", "scene.yaml:2:11: objects[0]: found an object without a form, expected one of shape, mesh"),
    (
      "objects: [{id: a, shape: box}, {id: a, shape: box}]",
      "scene.yaml:2:37: objects[1]: found the id \"a\" a second time, expected each id once"
    ),
    (
      "objects: [{id: a, mesh: {file: none.obj}}]",
      "scene.yaml:2:32: found \"none.obj\": No such file or directory, expected a file that can be read"
    ),
    (
      "objects: [{id: a, shape: box, material: {texture: {file: [none.png]}}}]",
      "scene.yaml:2:59: found \"none.png\": No such file or directory, expected a file that can be read"
    ),
    (
      "exposure: {$unifrm: [0, 1]}",
      "scene.yaml:2:12: exposure.$unifrm: found distribution \"$unifrm\", expected one of the 37 known names; did you mean \"$uniform\"?"
    ),
    (
      "exposure: {$uniform: [0]}",
      "scene.yaml:2:22: exposure.$uniform: found no \"high\", expected the required key \"high\""
    ),
    (
      "exposure: {$uniform: [2, 1]}",
      "scene.yaml:2:22: exposure.$uniform: found low 2.0 above high 1.0, expected the low end first"
    ),
    (
      "exposure: {$uniform: [0, 1], more: 2}",
      "scene.yaml:2:12: exposure: found \"$uniform\" beside \"more\", expected \"$uniform\" alone in its mapping"
    ),
    ("exposure: {$choice: []}", "scene.yaml:2:21: exposure.$choice: found a list of 0, expected at least one option"),
    (
      "exposure: {$choice: {options: [1], weights: [0]}}",
      "scene.yaml:2:45: exposure.$choice: found a list of 1, expected a weight above 0"
    ),
    (
      "background: red",
      "scene.yaml:2:13: background: found \"red\", expected a colour: \"#rrggbb\" (sRGB) or [r, g, b] (linear)"
    ),
    ("categories: [a, a]", "scene.yaml:2:17: categories[1]: found \"a\", expected a name that is not yet taken"),
    (
      "categories: [table]\nobjects: [{id: a, category: tabel, shape: box}]",
      "scene.yaml:3:29: objects[0]: found category \"tabel\", expected one of table; did you mean \"table\"? (in frame 0)"
    ),
    (
      "objects: [{id: a, mesh: {file: Package.swift}, materials: {ld: {}}}]",
      "scene.yaml:2:59: objects[0].materials: found slot \"ld\", expected one of lid, body; did you mean \"lid\"? (in frame 0)"
    ),
    (
      "objects: [{id: a, shape: box, scale: 0}]",
      "scene.yaml:2:38: objects[0].scale: found 0, expected a scale other than 0"
    ),
    ("image: 5", "scene.yaml:2:8: image: found 5, expected a mapping with keys width, height"),
    ("image: {width: 1.5}", "scene.yaml:2:16: image.width: found 1.5, expected a whole number"),
    ("image: {size: 5}", "scene.yaml:2:9: image: found key \"size\", expected one of width, height"),
    ("seed: -1", "scene.yaml:2:7: seed: found -1, expected a whole number of 0 or more"),
    ("seed: abc", "scene.yaml:2:7: seed: found \"abc\", expected a whole number"),
    ("name: \"\"", "scene.yaml:2:7: name: found \"\", expected a name"),
    ("sun: {elevation: 95}", "scene.yaml:2:18: sun.elevation: found 95, expected a number from -90 to 90"),
    (
      "sun: {direction: [0, 0, 0]}",
      "scene.yaml:2:18: sun.direction: found a list of 3, expected a direction of length above 0"
    ),
    (
      "sun: {direction: up}",
      "scene.yaml:2:18: sun.direction: found \"up\", expected a direction: [x, y, z] or {azimuth, elevation} in degrees"
    ),
    (
      "sun: {direction: [0, 0, 1], azimuth: 3}",
      "scene.yaml:2:6: sun: found a sun with direction and angles, expected one of the two"
    ),
    ("sun: {intensity: -2}", "scene.yaml:2:18: sun.intensity: found -2, expected a number of 0 or more"),
    (
      "sun: {irradiance: 1, color: 1}",
      "scene.yaml:2:6: sun: found a sun with irradiance and color or intensity, expected irradiance or the other two"
    ),
    (
      "ambient: {sky: \"#12345\"}",
      "scene.yaml:2:16: ambient.sky: found \"#12345\", expected a colour: \"#rrggbb\" (sRGB) or [r, g, b] (linear)"
    ),
    ("ambient: {sky: [1, 2]}", "scene.yaml:2:16: ambient.sky: found a list of 2, expected a colour"),
    ("background: [1, x, 0]", "scene.yaml:2:17: background[1]: found \"x\", expected a finite number"),
    ("exposure: .nan", "scene.yaml:2:11: exposure: found nan, expected a finite number"),
    ("exposure: 99", "scene.yaml:2:11: exposure: found 99, expected a number from -32 to 32"),
    ("output: {depth_scale: 0}", "scene.yaml:2:23: output.depth_scale: found 0, expected a number above 0"),
    ("categories: {a: 1}", "scene.yaml:2:13: categories: found a mapping with \"a\", expected a list"),
    (
      "categories: [{nam: x}]",
      "scene.yaml:2:15: categories[0]: found key \"nam\", expected one of name, supercategory, stuff, parts, keypoints, skeleton, flip; did you mean \"name\"?"
    ),
    ("objects: [{id: 7, shape: box}]", "scene.yaml:2:16: objects[0].id: found 7, expected a name"),
    ("objects: [box]", "scene.yaml:2:11: objects[0]: found \"box\", expected an object: a mapping"),
    (
      "objects: [{id: a, shape: box, count: 70000}]",
      "scene.yaml:2:38: objects[0].count: found 70000, expected a whole number from 0 to 65535"
    ),
    (
      "objects: [{id: a, shape: box, count: {$choice: [-3]}}]",
      "scene.yaml:2:49: objects[0].count: found -3, expected a whole number from 0 to 65535"
    ),
    (
      "objects: [{id: a, shape: box, postion: [0, 0, 0]}]",
      "scene.yaml:2:31: objects[0]: found key \"postion\", expected one of the 29 known names; did you mean \"position\"?"
    ),
    (
      "objects: [{id: a, shape: box, position: [0, 0]}]",
      "scene.yaml:2:41: objects[0].position: found a list of 2, expected a list of 3 numbers"
    ),
    (
      "objects: [{id: a, shape: box, rotation: [0, 0, 0, 0]}]",
      "scene.yaml:2:41: objects[0].rotation: found a list of 4, expected a quaternion of length above 0"
    ),
    (
      "objects: [{id: a, shape: box, rotation: [[1, 0, 0], [0, 1, 0], [0, 0, 2]]}]",
      "scene.yaml:2:41: objects[0].rotation: found a list of 3, expected a rotation matrix: orthonormal rows, determinant +1"
    ),
    (
      "objects: [{id: a, shape: box, rotation: {yaw: 1, euler: [0, 0, 0]}}]",
      "scene.yaml:2:41: objects[0].rotation: found a mapping with \"yaw\", \"euler\", expected one of euler, quaternion, matrix, yaw, or axis with angle"
    ),
    (
      "objects: [{id: a, shape: box, rotation: {axis: [0, 0, 0], angle: 3}}]",
      "scene.yaml:2:41: objects[0].rotation: found a mapping with \"axis\", \"angle\", expected an axis of length above 0 with its angle"
    ),
    (
      "objects: [{id: a, shape: box, matrix: [[1, 0, 0, 0], [0, 1, 0, 0]]}]",
      "scene.yaml:2:39: objects[0].matrix: found a list of 2, expected three or four rows of four numbers"
    ),
    (
      "objects: [{id: a, shape: box, matrix: [[0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]]}]",
      "scene.yaml:2:39: objects[0]: found a list of 3, expected a matrix that can be inverted"
    ),
    (
      "objects: [{id: a, shape: box, material: {color: [2, 0, 0]}}]",
      "scene.yaml:2:49: objects[0].material.color: found a list of 3, expected a colour with channels from 0 to 1"
    ),
    (
      "objects: [{id: a, shape: box, material: {rough: 1}}]",
      "scene.yaml:2:42: objects[0].material: found key \"rough\", expected one of color, texture, surface, metallic, roughness, emission"
    ),
    (
      "objects: [{id: a, shape: box, material: gold}]",
      "scene.yaml:2:41: objects[0].material: found material \"gold\", expected one of "
    ),
    (
      "objects: [{id: a, shape: box, material: {texture: {}}}]",
      "scene.yaml:2:51: objects[0].material.texture: found a texture of nothing, expected one of file, pattern"
    ),
    (
      "objects: [{id: a, shape: box, material: {texture: {pattern: chcker}}}]",
      "scene.yaml:2:61: objects[0].material.texture.pattern: found pattern \"chcker\", expected one of solid, checker"
    ),
    (
      "objects: [{id: a, shape: box, material: {texture: {pattern: dots, resolution: 100}}}]",
      "scene.yaml:2:79: objects[0].material.texture: found 100, expected a power of two"
    ),
    (
      "objects: [{id: a, shape: box, material: {texture: {pattern: dots, colors: [0]}}}]",
      "scene.yaml:2:75: objects[0].material.texture: found a list of 1, expected two colours"
    ),
    (
      "objects: [{id: a, shape: {box: {}, sphere: {}}}]",
      "scene.yaml:2:26: objects[0].shape: found a mapping with \"box\", \"sphere\", expected the name of one shape"
    ),
    (
      "objects: [{id: a, shape: {box: {size: [1, 1, 0]}}}]",
      "scene.yaml:2:46: objects[0].shape.box.size[2]: found 0, expected a number"
    ),
    (
      "objects: [{id: a, shape: box, mesh: {file: Package.swift}}]",
      "scene.yaml:2:11: objects[0]: found an object of 2 forms, expected one of shape, mesh, parts"
    ),
    (
      "objects: [{id: a, mesh: {file: broken.obj}}]", "scene.yaml:2:32: found \"broken.obj\": No such file or directory"
    ),
    (
      "objects: [{id: a, parts: []}]",
      "scene.yaml:2:11: objects[0]: found an object of 0 forms, expected one of shape, mesh, parts"
    ),
    (
      "objects: [{id: a, parts: [{name: x}]}]",
      "scene.yaml:2:27: objects[0].parts[0]: found a part without a form, expected one of shape, mesh"
    ),
    (
      "objects: [{id: a, prototype: car}]",
      "scene.yaml:2:30: objects[0].prototype: found prototype \"car\", expected one of "
    ),
    (
      "prototypes: {a: {prototype: b}, b: {prototype: a}}\nobjects: [{id: x, prototype: a}]",
      "scene.yaml:2:48: objects[0].prototype.prototype"
    ),
    (
      "objects: [{id: a, shape: box, variants: []}]",
      "scene.yaml:2:41: objects[0].variants: found a list of 0, expected a list of variants"
    ),
    (
      "objects: [{id: a, shape: box, variants: [{weight: 0}]}]",
      "scene.yaml:2:41: objects[0].variants: found a list of 1, expected a variant with a weight above 0"
    ),
    (
      "objects: [{id: a, variants: [{shape: box, count: 2}]}]",
      "scene.yaml:2:30: objects[0].variants[0]: found \"count\" in a variant, expected it at the object, for all variants"
    ),
    (
      "objects: [{id: a, objects: [], shape: box}]",
      "scene.yaml:2:32: objects[0]: found key of a group \"shape\", expected one of id, position"
    ),
    (
      "objects: [{id: a, shape: box, layout: {rwo: {}}}]",
      "scene.yaml:2:40: objects[0].layout: found layout \"rwo\", expected one of row, grid, ring, stack, scatter, path, volume, shelves; did you mean \"row\"?"
    ),
    (
      "objects: [{id: a, shape: box, layout: {scatter: {}}}]",
      "scene.yaml:2:49: objects[0].layout.scatter: found a scatter without one surface, expected one of size, radius, on"
    ),
    ("objects: [{id: a, shape: box, rest: 1}]", "scene.yaml:2:37: objects[0].rest: found 1, expected true or false"),
    (
      "objects: [{id: a, shape: box, solid: no}]",
      "scene.yaml:2:38: objects[0].solid: found \"no\", expected true or false"
    ),
    ("rules: {count: {}}", "scene.yaml:2:8: rules: found a mapping with \"count\", expected a list of rules"),
    (
      "rules: [{count: {at_least: -1}}]",
      "scene.yaml:2:28: rules[0].count.at_least: found -1, expected a whole number of 0 or more"
    ),
    (
      "rules: [{count: {at_least: {$integer: [1, 2]}}}]",
      "scene.yaml:2:29: rules[0]: found something drawn, expected a rule that is fixed for all frames"
    ),
    ("attempts: 0", "scene.yaml:2:11: attempts: found 0, expected a whole number from 1 to 100000"),
    (
      "include: nowhere.yaml",
      "scene.yaml:2:10: include[0]: found \"nowhere.yaml\": No such file or directory, expected a file to include"
    ),
    (
      "objects: [{id: a, mesh: {file: {$glob: \"nothing/*.obj\"}}}]",
      "scene.yaml:2:40: objects[0].mesh.file.$glob: found no file for \"nothing/*.obj\", expected a pattern that files match"
    ),
    (
      "exposure: {$normal: [0, -1]}",
      "scene.yaml:2:25: exposure.$normal.deviation: found -1, expected a number of 0 or more"
    ),
    ("exposure: {$integer: [1.5, 2]}", "scene.yaml:2:23: exposure.$integer.low: found 1.5, expected a whole number"),
    ("exposure: {$beta: [0, 1]}", "scene.yaml:2:20: exposure.$beta.a: found 0, expected a number from 0.01 to 100000"),
    (
      "exposure: {$poisson: 9999}",
      "scene.yaml:2:22: exposure.$poisson.mean: found 9999, expected a number from 0 to 500"
    ),
    (
      "exposure: {$log_uniform: [0, 1]}",
      "scene.yaml:2:27: exposure.$log_uniform.low: found 0, expected a number above 0"
    ),
    (
      "exposure: {$curve: [[0, 0], [1, 0]]}",
      "scene.yaml:2:20: exposure.$curve: found a list of 2, expected heights of 0 or more, one of them above 0"
    ),
    (
      "exposure: {$truncated_normal: [0, 1, 50, 60]}",
      "scene.yaml:2:31: exposure.$truncated_normal: found a range more than 35 deviations from the mean"
    ),
    (
      "exposure: {$sobol: 5}",
      "scene.yaml:2:20: exposure.$sobol: found 5, expected a distribution to spread, such as {$uniform: [0, 1]}"
    ),
    (
      "exposure: {$grid: {of: {$uniform: [0, 1]}, steps: []}}",
      "scene.yaml:2:51: exposure.$grid: found a list of 0, expected one to eight numbers of steps"
    ),
    (
      "exposure: {$quota: {options: [1, 2], shares: [1]}}",
      "scene.yaml:2:46: exposure.$quota: found a list of 1, expected a weight for each of the 2 options"
    ),
    (
      "exposure: {$hsv: {hue: [9, 3]}}",
      "scene.yaml:2:24: exposure.$hsv.hue: found a list of 2, expected a range whose low end comes first"
    ),
    (
      "exposure: {$temperature: [100, 200]}",
      "scene.yaml:2:27: exposure.$temperature.low: found 100, expected a number from 1667 to 25000"
    ),
    (
      "exposure: {$uniform: [[1, 2], [3, 4, 5]]}",
      "scene.yaml:2:22: exposure.$uniform: found ends of 2 and 3 numbers, expected as many in both"
    ),
    ("exposure: {$hsv: {}}", "scene.yaml:2:11: exposure: found a list of 3, expected a finite number"),
    (
      "exposure: {$expr: \"1 +\"}",
      "scene.yaml:2:19: exposure.$expr: found the end of the formula, expected a number, a name or a parenthesis"
    ),
    (
      "exposure: {$expr: [1]}",
      "scene.yaml:2:19: exposure.$expr: found a list of 1, expected a formula, such as \"0.4 * width\""
    ),
    ("let: 5", "scene.yaml:2:6: let: found 5, expected names with their values"),
    (
      "let: {a: {$expr: \"a + 1\"}}",
      "scene.yaml:2:7: let.a.$expr: found a value that needs itself: a -> a, expected values without a circle"
    ),
    ("a: [1, 2", "scene.yaml:3:1: found text that does not parse: did not find expected ',' or ']'"),
    ("image: {}\nimage: {}", "scene.yaml:3:1: found the key \"image\" a second time, expected each key once"),
    ("\timage: {}", "scene.yaml:2:1: found text that does not parse: found character"),
    ("image: !mine {}", "scene.yaml:2:8: found the tag !mine, expected a value without a tag"),
  ]

  @Test(arguments: broken) func whatIsSaid(text: String, expected: String) {
    let said = SceneErrorTests.message(SceneErrorTests.camera + text)
    #expect(said.hasPrefix(expected), "said: \(said)")
  }

  @Test func withoutACamera() {
    #expect(
      SceneErrorTests.message("frames: 1")
        == "scene.yaml:1:1: found no \"camera\", expected the required key \"camera\"")
    #expect(
      SceneErrorTests.message("camera: {fov: 40}")
        == "scene.yaml:1:9: camera: found a camera that stands nowhere, expected one of eye (with target), distance (with "
        + "azimuth, elevation), R with t, camera_to_world (in frame 0)")
  }

  @Test func files() {
    #expect(throws: SceneError(message: "nowhere.yaml: No such file or directory")) {
      try CompiledScene.load(path: "nowhere.yaml")
    }
    #expect(throws: SceneError.self) { try CompiledScene.load(path: "Scenes") }
  }
}
