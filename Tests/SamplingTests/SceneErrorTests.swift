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
      "scene.yaml:2:1: found key \"imag\", expected one of name, description, image, frames, seed, categories, camera, sun, "
        + "ambient, background, exposure, output, objects, let, prototypes, materials, include, rules, attempts; did you mean \"image\"?"
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
      "scene.yaml:2:12: exposure.$unifrm: found distribution \"$unifrm\", expected one of the 33 known names; did you mean \"$uniform\"?"
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
