import Documents
import Geometry
import Rasterization
import Stage
import Testing

@testable import Annotators

/// Keypoints against the C library's formulas and the ray caster.
@Suite struct KeypointTests {
  private func keypoints(_ frame: Frame, distance: Double = 0.01) throws -> Annotated {
    let option = Node(.mapping([.init(key: "distance", keyMark: .none, value: Node(.real(distance)))]))
    return try annotate(
      frame, AnnotationPlan(Node(.sequence([Node(.mapping([.init(key: "keypoints", keyMark: .none, value: option)]))])))
    )
  }

  @Test(arguments: testLenses.map(\.name)) func placesAndFlagsAgreeWithTheRayCaster(name: String) throws {
    let lens = try #require(testLenses.first { $0.name == name })
    var (points, wrong, worst, flags) = (0, 0, 0.0, [0, 0, 0])
    var unexplained: [String] = []
    for seed in 0..<24 {
      var frame = randomFrame(seed: UInt64(seed), things: 9, lens: (lens.projection, lens.f))
      // Corners, and points beneath the surface.
      for k in frame.instances.indices where frame.instances[k].category == 1 {
        let mesh = frame.instances[k].mesh
        let corner = Vector3(mesh.vertices[(seed * 13 + k * 29) % mesh.vertices.count].position)
        frame.instances[k].keypoints = [
          Keypoint("tip", corner), Keypoint("heart", corner * 0.9), Keypoint("corner", corner * 0.3),
        ]
      }
      let a = try keypoints(frame, distance: 0.03)
      let caster = TruthCaster(frame)
      for instance in a.record.instances where instance.category == 1 {
        let k = try #require(frame.instances.firstIndex { $0.id == instance.id })
        let own = frame.instances[k]
        let found = try #require(instance.values.keypoints)
        #expect(found.map(\.name) == ["tip", "heart", "corner", "ghost"])
        #expect(found[3] == KeypointRecord(name: "ghost", visibility: .absent, image: nil, camera: nil, world: nil))
        for (point, declared) in zip(found, own.keypoints) {
          let world = own.objectToWorld * declared.position
          let truth = TruthCamera.project(frame.camera, world)
          points += 1
          flags[point.visibility.rawValue] += 1
          guard let truth, let place = point.image else {
            #expect(truth == nil && point.image == nil && point.visibility == .absent)
            continue
          }
          worst = max(worst, abs(place.x - truth.x), abs(place.y - truth.y))
          let isInside = truth.x >= 0 && truth.y >= 0 && truth.x < 96 && truth.y < 72
          #expect((point.visibility != .absent) == isInside)
          if !isInside { continue }
          let expected = isHidden(world, at: place, k, caster, 0.03)
          if expected != (point.visibility == .hidden) {
            wrong += 1
            // Where something hides it a pixel away and does not here, or the other way round.
            let around =
              ring
              .map { isHidden(world, at: place + Vector2($0.0, $0.1), k, caster, 0.03) }
            if !around.contains(where: { $0 != expected }) { unexplained.append("\(seed) \(instance.name) \(point)") }
          }
        }
      }
    }
    print("keypoints, \(name): \(points), worst \(worst) px, flags \(flags), \(wrong) differ at edges")
    #expect(worst < 0.01 && points > 250 && flags[1] > 20 && flags[2] > 20)
    #expect(Double(wrong) <= 0.01 * Double(points))
    // What lies between pixels' centres may be wider than the ring of places looked at.
    #expect(unexplained.count <= 1, "\(name): \(unexplained)")
  }

  /// Places within a pixel and a bit.
  private let ring: [(Double, Double)] = [0.35, 0.7, 1.0].flatMap { r in
    [(1.0, 0.0), (-1, 0), (0, 1), (0, -1), (0.7, 0.7), (-0.7, 0.7), (0.7, -0.7), (-0.7, -0.7)].map {
      ($0.0 * r, $0.1 * r)
    }
  }

  private func isHidden(
    _ world: Vector3, at place: Vector2, _ k: Int, _ caster: TruthCaster, _ distance: Double
  ) -> Bool {
    guard let hit = caster.look(place) else { return false }
    let camera = caster.frame.camera
    let p = camera.worldToCamera * world
    let gap = camera.isParallel ? p.z - hit.camera.z : p.length - hit.distance
    return gap > 1e-4 * p.length + (hit.instance == k ? distance : 0)
  }

  /// A ball before the camera: its near pole is seen, what lies in it by how deep, its far pole never.
  @Test func whatLiesInAnObjectIsSeenToADepth() throws {
    var frame = Frame(width: 64, height: 48, camera: .looking(from: Vector3(0, -4, 0), 64, 48, f: 60))
    var ball = Instance(id: 1, Shapes.ball)
    ball.keypoints = [
      Keypoint("tip", Vector3(0.0, -0.5, 0)), Keypoint("heart", Vector3(0, -0.4, 0)),
      Keypoint("corner", Vector3(0, 0.5, 0)),
    ]
    frame.instances = [ball]
    func flags(_ distance: Double) throws -> [Int] {
      try #require(try keypoints(frame, distance: distance).record.instances.last?.values.keypoints)
        .map(\.visibility.rawValue)
    }
    #expect(try flags(0) == [2, 1, 1, 0] || flags(0.01) == [2, 1, 1, 0])
    #expect(try flags(0.05) == [2, 1, 1, 0])
    #expect(try flags(0.12) == [2, 2, 1, 0])
    #expect(try flags(2) == [2, 2, 2, 0])
    // Another object hides them however far the own surface may be: only what stands before them.
    let wall = Instance(id: 2, Shapes.box, at: Vector3(0, -1, 0), Matrix3(diagonal: Vector3(3, 0.1, 3)))
    frame.instances = [wall, ball]
    #expect(try flags(2) == [1, 1, 1, 0])
    frame.instances[0].objectToWorld.translation.y = 2
    #expect(try flags(0.12) == [2, 2, 1, 0])
    // What touches a point does not hide it, though what is behind that.
    frame.instances[0].objectToWorld.translation.y = -0.45
    #expect(try flags(0.12) == [2, 1, 1, 0])
  }

  @Test func behindAndOutsideAreAbsent() throws {
    var frame = Frame(width: 64, height: 48, camera: .looking(from: Vector3(0, -4, 0), 64, 48, f: 60))
    var ball = Instance(id: 1, Shapes.ball)
    ball.keypoints = [
      Keypoint("tip", Vector3(0, -5, 0)), Keypoint("heart", Vector3(30, 0, 0)), Keypoint("corner", Vector3(0, -4, 0)),
    ]
    frame.instances = [ball]
    let found = try #require(try keypoints(frame).record.instances[0].values.keypoints)
    #expect(found.allSatisfy { $0.visibility == .absent })
    #expect(found[0].image == nil && found[0].camera?.z == -1 && found[2].image == nil)
    #expect(found[1].image.map { abs($0.x - (32 + 60 * 30 / 4)) < 1e-9 } == true)
    // A category without keypoints has none.
    frame.instances[0].category = 3
    #expect(try keypoints(frame).record.instances[0].values.keypoints == nil)
  }
}
