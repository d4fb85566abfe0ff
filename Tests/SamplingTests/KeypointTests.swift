import Documents
import Geometry
import Stage
import Testing

@testable import Sampling

/// Keypoints and lines as scenes declare them.
@Suite struct KeypointTests {
  private func frame(_ object: String, categories: String = "[{name: toy, keypoints: [a, b, c]}]", more: String = "")
    throws -> Frame
  {
    let text = """
      image: {width: 16, height: 12}
      categories: \(categories)
      camera: {eye: [3, -3, 2], target: [0, 0, 0]}
      \(more)
      objects:
        - {id: toy, category: toy, \(object)}
      """
    return try compiled(text).frame(0, assets: TestAssets())
  }

  private func message(_ object: String, categories: String = "[{name: toy, keypoints: [a, b, c]}]", more: String = "")
    -> String
  {
    do {
      _ = try frame(object, categories: categories, more: more)
      return ""
    } catch { return "\(error)" }
  }

  @Test func placesAreThoseDeclared() throws {
    let f = try frame("shape: box, scale: 2, keypoints: {c: [0.1, 0.2, 0.3], a: {vertex: 2}}")
    let instance = f.instances[0]
    // In the category's order.
    #expect(instance.keypoints.map(\.name) == ["a", "c"])
    #expect(instance.keypoints[0].position == Vector3(instance.mesh.vertices[2].position))
    #expect(instance.keypoints[1].position == Vector3(0.1, 0.2, 0.3))
  }

  @Test func partsHaveFramesOfTheirOwn() throws {
    let f = try frame(
      """
      parts: [{name: arm, shape: box, position: [0, 0, 1], rotation: [0, 0, 90]}, {name: hand, shape: box, position: [5, 0, 0]}],
      keypoints: {a: {part: arm, position: [1, 0, 0]}, b: {part: hand, vertex: 3}, c: {vertex: 1}}
      """.replacing("\n", with: " "))
    let (instance, box) = (f.instances[0], Box().makeMesh())
    func near(_ a: Vector3, _ b: Vector3) -> Bool { (a - b).length < 1e-6 }
    #expect(near(instance.keypoints[0].position, Vector3(0, 1, 1)))
    #expect(near(instance.keypoints[1].position, Vector3(box.vertices[3].position) + Vector3(5, 0, 0)))
    #expect(instance.keypoints[2].position == Vector3(instance.mesh.vertices[1].position))
  }

  /// A corner of the mesh, and the same place said in numbers, go to the same place under whatever bends the object.
  @Test func modifiersTakeThemAlong() throws {
    let corner = Box(size: Vector3(1, 1, 1)).makeMesh().vertices[4].position
    let place = "[\(corner.x), \(corner.y), \(corner.z)]"
    let f = try frame(
      "shape: {box: {size: [1, 1, 1]}}, modifiers: [bend: {angle: 80}, twist: {angle: 50}, noise: {amplitude: 0.05}], "
        + "keypoints: {a: {vertex: 4}, b: \(place)}, polylines: [{id: l, points: [[0, 0, 0], \(place)]}]")
    let points = f.instances[0].keypoints
    #expect((points[0].position - points[1].position).length < 1e-5)
    #expect((points[0].position - Vector3(corner)).length > 0.05)
    #expect(f.polylines[0].name == "toy.l" && (f.polylines[0].points[1] - points[1].position).length < 1e-9)
  }

  @Test func linesGoWithTheirObjects() throws {
    let f = try frame(
      "shape: box, position: [1, 2, 3], scale: 2, polylines: [{id: rim, class: edge, points: [[0, 0, 1], [1, 0, 0]], closed: true}]",
      more: "polylines: [{id: left, points: [[0, 0, 0], [{$uniform: [4, 5]}, 0, 0]]}]")
    #expect(f.polylines.map(\.name) == ["left", "toy.rim"])
    #expect(f.polylines[1].points == [Vector3(1, 2, 5), Vector3(3, 2, 3)] && f.polylines[1].isClosed)
    #expect(f.polylines[1].kind == "edge" && (4...5).contains(f.polylines[0].points[1].x))
  }

  @Test func prototypesLendTheirs() throws {
    let text = """
      categories: [{name: toy, keypoints: [a, b]}]
      camera: {eye: [3, -3, 2]}
      prototypes: {p: {category: toy, shape: box, keypoints: {a: [1, 0, 0], b: [2, 0, 0]}}}
      objects: [{id: x, prototype: p, keypoints: {b: [3, 0, 0]}}, {id: y, prototype: p, count: 2}]
      """
    let scene = try compiled(text)
    let f = try scene.frame(0, assets: TestAssets())
    #expect(f.instances.map { $0.keypoints.map(\.position.x) } == [[1, 3], [1, 2], [1, 2]])
    // The printed frame is the same frame again.
    let printed = yaml(try scene.document(frame: 0))
    let again = try compiled(printed)
    #expect(again.categories == scene.categories)
    #expect(try again.frame(0, assets: TestAssets()).instances.map(\.keypoints) == f.instances.map(\.keypoints))
  }

  @Test func categoriesSayHowTheyHangTogether() throws {
    let scene = try compiled(
      """
      categories: [{name: toy, keypoints: [nose, l, r], skeleton: [[nose, l], [nose, r]], flip: [[r, l]]}]
      camera: {eye: [3, -3, 2]}
      """)
    let c = scene.categories[0]
    #expect(c.keypoints == ["nose", "l", "r"] && c.skeleton == [SIMD2(0, 1), SIMD2(0, 2)] && c.flip == [0, 2, 1])
    let plain = Stage.Category(id: 1, name: "x", keypoints: ["a", "b"])
    #expect(plain.flip == [0, 1])
  }

  @Test func whatIsWrongIsSaid() {
    #expect(message("shape: box, keypoints: {aa: [0, 0, 0]}").contains("did you mean \"a\""))
    #expect(message("shape: box, keypoints: {a: [0, 0]}").contains("objects[0].keypoints.a"))
    #expect(message("shape: box, keypoints: {a: {vertex: 24}}").contains("one from 0 to 23"))
    #expect(message("shape: box, keypoints: {a: {vertex: 1, position: [0, 0, 0]}}").contains("a vertex beside"))
    #expect(message("shape: box, keypoints: {a: {part: arm}}").contains("lies nowhere"))
    #expect(message("shape: box, keypoints: {a: {part: arm, vertex: 0}}").contains("without named parts"))
    #expect(message("shape: box, keypoints: {a: {node: hip}}").contains("glTF"))
    #expect(
      message("parts: [{name: arm, shape: box}], keypoints: {a: {part: amr, vertex: 0}}").contains(
        "did you mean \"arm\""))
    #expect(
      message("shape: box, keypoints: {a: [0, 0, 0]}", categories: "[toy]").contains("which lists none"))
    #expect(message("shape: box", categories: "[{name: toy, keypoints: [a, a]}]").contains("names, each once"))
    #expect(
      message("shape: box", categories: "[{name: toy, keypoints: [a, b], skeleton: [[a, x]]}]").contains(
        "categories[0].skeleton[0]"))
    #expect(
      message("shape: box", categories: "[{name: toy, keypoints: [a, b], skeleton: [[a, a]]}]").contains(
        "a pair of two"))
    #expect(
      message("shape: box", categories: "[{name: toy, keypoints: [a, b, c], flip: [[a, b], [b, c]]}]").contains(
        "each keypoint in one pair"))
    #expect(message("shape: box, polylines: [{id: l, points: [[0, 0, 0]]}]").contains("two points or more"))
    #expect(message("shape: box, polylines: [{id: l, point: 3}]").contains("did you mean \"points\""))
    let twice = "polylines: [{id: l, points: [[0, 0, 0], [1, 0, 0]]}, {id: l, points: [[0, 0, 0], [1, 0, 0]]}]"
    #expect(message("shape: box", more: twice).contains("each id once"))
    do {
      _ = try compiled(
        "camera: {eye: [3, -3, 2]}\nobjects: [{id: x, shape: box, keypoints: {a: [0, 0, 0]}}]")
      Issue.record("keypoints without a category")
    } catch { #expect("\(error)".contains("without a category")) }
  }
}
