import Documents
import Geometry
import Stage
import Testing

@testable import Sampling

@Suite struct RuleTests {
  private func scene(_ rules: String, _ objects: String, attempts: Int = 100) throws -> CompiledScene {
    try compiled(
      "camera: {eye: [0, -10, 0.5], target: [0, 0, 0.5]}\nattempts: \(attempts)\nrules:\n  - \(rules)\nobjects:\n\(objects)"
    )
  }

  private let balls = """
      - {id: balls, category: ball, count: 3, shape: {sphere: {radius: 0.5}}, position: {$uniform: [[-3, -3, 0], [3, 3, 1]]}}
    """

  @Test func framesSatisfyTheirRules() throws {
    let assets = TestAssets()
    let s = try scene(
      "no_intersection: {gap: 0.1}\n  - in_frame: {}\n  - distance: {from: balls, at_least: 1.5}", balls)
    s.attach(assets: assets, visibility: nil)
    var attempts: Set<Int> = []
    for k in 0..<20 {
      let frame = try s.frame(k, assets: assets)
      let judged = JudgedFrame(frame: frame, categories: s.categories)
      for i in 0..<3 {
        for j in 0..<i {
          #expect(judged.box(i).separation(judged.box(j)) >= 0.1 - 1e-6)
          #expect((judged.box(i).center - judged.box(j).center).length >= 1.5)
        }
      }
      attempts.insert(try s.acceptedAttempt(k, assets))
      let printed = try compiled(yaml(try s.document(frame: k)))
      #expect(
        fingerprint(try printed.frame(0, assets: assets)) == fingerprint(frame), "the printed attempt is the drawn one")
    }
    #expect(attempts.count > 1)
  }

  @Test func whatCannotHoldIsSaid() throws {
    func said(_ rules: String, _ objects: String) -> String {
      do {
        let s = try scene(rules, objects, attempts: 20)
        _ = try s.frame(4, assets: TestAssets())
        return "nothing"
      } catch { return "\(error)" }
    }
    #expect(
      said("count: {category: ball, at_least: 5}", balls)
        == "scene.yaml:4:5: rule \"count\": found that 20 of 20 attempts break it, the nearest with 3 of \"ball\", expected a "
        + "frame that satisfies it (in frame 4)")
    #expect(said("distance: {at_most: 2}", balls).contains("the nearest with balls["))
    #expect(said("cuont: {}", balls).contains("found rule \"cuont\""))
    #expect(said("visible: {}", balls).contains("expected a program that can see"))
    #expect(
      said("camera_clear: {}", "  - {id: a, shape: {box: {size: [30, 30, 30]}}}").contains("the camera is in a"))
    let full = "  - {id: a, count: 9, shape: box, layout: {scatter: {size: [2, 2]}}}"
    #expect(said("count: {}", full).contains("scene.yaml:6:43: layout of \"a\": found that 20 of 20 attempts break it"))
  }

  @Test func whatIsSeenCounts() throws {
    let s = try scene(
      "visible: {category: ball, at_least: 2, fraction: 0.5, pixels: 10}\n  - size: {objects: balls, at_most: 400}\n  - each_visible: {fraction: 0.1}",
      balls)
    let assets = TestAssets()
    // A pass that sees what is to the right, in proportion.
    s.attach(assets: assets) { frame in
      (
        frame.instances.map {
          let x = $0.objectToWorld.translation.x
          return InstanceVisibility(visiblePixels: Int(max((x + 3) * 10, 0)), amodalPixels: 60)
        }, 4
      )
    }
    for k in 0..<10 {
      let frame = try s.frame(k, assets: assets)
      let xs = frame.instances.map { $0.objectToWorld.translation.x }
      #expect(xs.filter { $0 >= 0 }.count >= 2)
      #expect(xs.allSatisfy { $0 >= -2.4 })
      _ = try s.document(frame: k)
    }
    #expect(s.needsVisibility)
  }

  @Test func meshesDecideWhereBoxesOverlap() throws {
    // Two crossed diagonal bars in a plane, one above the other's corner: boxes overlap, triangles do not.
    let frame = try scene(
      "count: {}",
      """
        - {id: a, category: x, shape: sphere}
        - {id: b, category: x, shape: sphere, position: [0.8, 0.8, 0]}
        - {id: c, category: x, shape: sphere, position: [0.6, 0.6, 0.2]}
      """
    ).frame(0, assets: TestAssets())
    #expect(!MeshCollision.intersect(frame.instances[0], frame.instances[1]))
    #expect(MeshCollision.intersect(frame.instances[0], frame.instances[2]))
    let judged = JudgedFrame(frame: frame, categories: [])
    #expect(judged.box(0).overlaps(judged.box(1)))
  }
}
