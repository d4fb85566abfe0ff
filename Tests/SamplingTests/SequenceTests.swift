import Documents
import Geometry
import Stage
import Testing

@testable import Sampling

/// Scenes with time.
@Suite struct SequenceTests {
  private static let scene = """
    image: {width: 64, height: 48}
    frames: 24
    frames_per_sequence: 8
    fps: 4
    seed: 7
    let: {pace: {$uniform: [0.5, 1]}}
    camera: {eye: {$keyframes: [[0, [4, -4, 2]], [1, [5, -4, 3]]]}, target: [0, 0, {$each_frame: {$uniform: [0, 0.1]}}], fov: {$uniform: [40, 50]}}
    parameters: {pace: {$expr: pace}, time: {$expr: time}, sequence: {$expr: sequence}}
    objects:
      - {id: ground, shape: plane}
      - id: boxes
        category: box
        count: {$integer: [2, 5]}
        shape: {box: {size: {$uniform: [[0.2, 0.2, 0.2], [0.4, 0.4, 0.4]]}}}
        position: {$uniform: [[-1, -1, 0], [1, 1, 0]]}
        velocity: [{$expr: pace}, 0, 0]
        angular_velocity: [0, 0, 90]
      - id: cart
        category: cart
        shape: box
        position: [0, 0.5, 0]
        path: {points: [[0, 0, 0], [4, 0, 0], [4, 4, 0]], smooth: false, speed: 2}
      - id: rider
        category: cart
        shape: box
        position: {$spline: {points: [[0, 0, 0], [7, 0, 0]]}}
    """

  private func frame(_ scene: CompiledScene, _ n: Int) throws -> Frame { try scene.frame(n, assets: TestAssets()) }

  @Test func whatIsDrawnLastsForASequence() throws {
    let scene = try compiled(Self.scene)
    let assets = TestAssets()
    let frames = try (0..<24).map { try scene.frame($0, assets: assets) }
    for (n, f) in frames.enumerated() {
      #expect(f.sequence == SequencePlace(sequence: n / 8, index: n % 8, time: Double(n % 8) / 4))
      let first = frames[n / 8 * 8]
      #expect(f.instances.map(\.name) == first.instances.map(\.name))
      #expect(f.instances.map(\.id) == first.instances.map(\.id))
      #expect(zip(f.instances, first.instances).allSatisfy { $0.mesh == $1.mesh })
      #expect(f.camera.fx == first.camera.fx && f.parameters[0] == first.parameters[0])
      #expect(f.parameters[1].value == .number(Double(n % 8) / 4) && f.parameters[2].value == .number(Double(n / 8)))
    }
    #expect(Set(frames.map(\.camera.fx)).count == 3)
    // Each frame's own dice: a target that shakes.
    #expect(Set(frames.map { "\($0.camera.rotation.row2.z)" }).count == 24)
  }

  @Test func whatMovesFollowsTheTime() throws {
    let scene = try compiled(Self.scene)
    let assets = TestAssets()
    let first = try scene.frame(8, assets: assets)
    guard case .number(let pace) = first.parameters[0].value else {
      Issue.record("a pace")
      return
    }
    for n in 8..<16 {
      let f = try scene.frame(n, assets: assets)
      let t = Double(n - 8) / 4
      func at(_ name: String) -> AffineTransform { f.instances.first { $0.name == name }?.objectToWorld ?? .identity }
      let (a, b) = (first.instances[1].objectToWorld, at("boxes[0]"))
      #expect((b.translation - a.translation - Vector3(pace * t, 0, 0)).length < 1e-12)
      let turn = Quaternion(angle: t * Double.pi / 2, axis: Vector3(0, 0, 1)).matrix
      #expect((b.linear.column0 - turn * a.linear.column0).length < 1e-12)
      // Along x for two seconds' worth, then along y: its own place is to the left of the path.
      let s = 2 * t
      let expected = s < 4 ? Vector3(s, 0.5, 0) : Vector3(3.5, s - 4, 0)
      if s != 4 { #expect((at("cart").translation - expected).length < 1e-9, "\(t)") }
      #expect((at("rider").translation - Vector3(Double(n - 8), 0, 0)).length < 2e-3)
    }
  }

  @Test func aPrintedFrameIsTheFrameWithItsNeighbours() throws {
    let scene = try compiled(Self.scene)
    let assets = TestAssets()
    for n in [0, 5, 7, 8, 15, 17] {
      let text = yaml(try scene.document(frame: n))
      #expect(!text.contains("$"))
      let again = try compiled(text)
      let (a, b) = (try scene.frame(n, assets: assets), try again.frame(0, assets: assets))
      func same(_ a: Frame?, _ b: Frame?) {
        #expect((a == nil) == (b == nil), "frame \(n)")
        #expect(a?.camera == b?.camera)
        #expect(a?.instances.map(\.objectToWorld) == b?.instances.map(\.objectToWorld))
        #expect(a?.instances.map(\.id) == b?.instances.map(\.id))
        #expect(a?.instances.map(\.motion) == b?.instances.map(\.motion))
      }
      same(a, b)
      #expect(a.sequence == b.sequence && b.sequence?.sequence == n / 8)
      for step in SequenceStep.allCases where step != .first {
        let there = try scene.neighbour(n, step, assets: assets)
        same(there, try again.neighbour(0, step, assets: assets))
        #expect((there == nil) == ((step == .previous && n % 8 == 0) || (step == .next && n % 8 == 7)))
        if let there { same(there, try scene.frame(step == .next ? n + 1 : n - 1, assets: assets)) }
      }
      #expect(try scene.neighbour(n, .first, assets: assets)?.sequence?.index == 0)
      #expect(try again.neighbour(0, .first, assets: assets)?.instances.count == a.instances.count)
    }
  }

  /// Dice of scenes without time are those of the frame, and nothing has neighbours.
  @Test func withoutTimeNothingChanges() throws {
    let still = try compiled(
      """
      camera: {eye: [3, 0, {$uniform: [1, 2]}]}
      frames: 4
      objects: [{id: a, category: a, shape: box, position: [{$sweep: [0, 3]}, 0, 0], velocity: [9, 0, 0]}]
      """)
    let assets = TestAssets()
    for n in 0..<4 {
      let f = try still.frame(n, assets: assets)
      #expect(f.sequence == nil && f.instances[0].objectToWorld.translation == Vector3(Double(n), 0, 0))
      #expect(try still.neighbour(n, .next, assets: assets) == nil)
      #expect(try still.document(frame: n)["sequence"] == nil)
    }
  }

  /// Layouts decide at the beginning, also around what moves; rules hold for all frames of a sequence, which is one attempt.
  @Test func layoutsAndRulesHoldForTheSequence() throws {
    let scene = try compiled(
      """
      image: {width: 32, height: 32}
      frames: 30
      frames_per_sequence: 6
      camera: {eye: [0, -8, 5]}
      rules: [{distance: {objects: other, from: mover, at_least: 0.8}}]
      objects:
        - {id: mover, category: a, shape: {box: {size: [0.5, 0.5, 0.5]}}, position: [{$expr: "-3 + 8 * time"}, {$uniform: [-1, 1]}, 0.25]}
        - {id: other, category: a, shape: {box: {size: [0.5, 0.5, 0.5]}}, position: [{$uniform: [-3, 3]}, {$uniform: [-3, 3]}, 0.25]}
        - {id: heap, category: b, count: 12, shape: {box: {size: [0.3, 0.3, 0.3]}}, layout: {scatter: {size: [8, 8]}}}
      """)
    let assets = TestAssets()
    scene.attach(assets: assets, visibility: nil)
    for s in 0..<5 {
      let frames = try (0..<6).map { try scene.frame(6 * s + $0, assets: assets) }
      for f in frames {
        let (mover, other) = (f.instances[0].objectToWorld.translation, f.instances[1].objectToWorld.translation)
        #expect((mover - other).length >= 0.8 - 1e-9, "\(s): the rule holds in every frame")
        #expect(f.instances.dropFirst().map(\.objectToWorld) == frames[0].instances.dropFirst().map(\.objectToWorld))
      }
      #expect(frames[5].instances[0].objectToWorld.translation.x > frames[0].instances[0].objectToWorld.translation.x)
    }
    // In another order, from a scene that has judged nothing yet: the same.
    let late = try compiled(yaml(try scene.document(frame: 17)))
    #expect(
      try late.frame(0, assets: assets).instances.map(\.objectToWorld)
        == scene.frame(17, assets: assets).instances.map(\.objectToWorld))
  }

  @Test func keyframesGoThroughTheirKeys() throws {
    let keys: [Keyframes.Key] = [
      .init(seconds: 1, value: Quantity(list: [0, 5])), .init(seconds: 2, value: Quantity(list: [4, 5])),
      .init(seconds: 4, value: Quantity(list: [2, 5])),
    ]
    for interpolation in Keyframes.Interpolation.allCases {
      let frames = Keyframes(keys: keys, interpolation: interpolation)
      for k in keys { #expect(frames.value(at: k.seconds) == k.value.values, "\(interpolation)") }
      #expect(frames.value(at: 0) == [0, 5] && frames.value(at: 9) == [2, 5])
      for t in [1.2, 1.7, 2.5, 3.9] { #expect(abs(frames.value(at: t)[1] - 5) < 1e-12) }
    }
    #expect(Keyframes(keys: keys, interpolation: .linear).value(at: 3) == [3, 5])
    #expect(Keyframes(keys: keys, interpolation: .step).value(at: 3.9) == [4, 5])
    let loop = Keyframes(keys: keys, interpolation: .linear, loop: true)
    #expect(loop.value(at: 4.5) == loop.value(at: 1.5))
    // Evenly spaced keys on a line: the smooth curve is the line.
    let line = Keyframes(keys: (0..<4).map { .init(seconds: Double($0), value: Quantity(Double($0) * 3)) })
    for t in stride(from: 0, through: 3, by: 0.125) { #expect(abs(line.value(at: t)[0] - 3 * t) < 1e-12) }
    _ = try Keyframes.decode(try document("{keys: [[0, 1], [1, 2]], interpolation: step}"))
  }

  @Test func aCameraRidesOnItsPath() throws {
    let scene = try compiled(
      """
      frames_per_sequence: 5
      fps: 1
      camera:
        eye: [0, 0, 1]
        target: [5, 0, 1]
        path: {points: [[0, 0, 0], [2, 0, 0], [2, 2, 0]], smooth: false, speed: 1}
      objects: [{id: a, category: a, shape: box}]
      """)
    let assets = TestAssets()
    for (n, (place, ahead)) in [
      (Vector3(0, 0, 1), Vector3(1, 0, 0)), (Vector3(1, 0, 1), Vector3(1, 0, 0)), (Vector3(2, 0, 1), Vector3(0, 1, 0)),
      (Vector3(2, 1, 1), Vector3(0, 1, 0)), (Vector3(2, 2, 1), Vector3(0, 1, 0)),
    ].enumerated() {
      let camera = try scene.frame(n, assets: assets).camera
      #expect((camera.position - place).length < 1e-9, "\(n)")
      #expect((camera.rotation.row2 - ahead).length < 1e-9, "\(n)")
    }
  }

  /// An open shutter blurs what moves by itself: the velocity is that of the movement.
  @Test func movementGivesTheShutterItsVelocity() throws {
    let scene = try compiled(
      """
      frames_per_sequence: 9
      fps: 8
      camera: {eye: [{$expr: "2 * time"}, -5, 1], target: [{$expr: "2 * time"}, 0, 1], shutter: {time: 0.02}}
      objects:
        - {id: a, category: a, shape: box, position: [0, 0, {$expr: "3 * time"}], rotation: {yaw: {$expr: "50 * time"}}}
        - {id: b, category: a, shape: box, position: [{$expr: time}, 0, 0], velocity: [0, 0, 0]}
      """)
    let assets = TestAssets()
    for n in [0, 3, 8] {
      let f = try scene.frame(n, assets: assets)
      #expect((f.instances[0].motion.velocity - Vector3(0, 0, 3)).length < 1e-6)
      #expect((f.instances[0].motion.rotation - Vector3(0, 0, 50 * Double.pi / 180)).length < 1e-6)
      #expect((f.cameraMotion.velocity - Vector3(2, 0, 0)).length < 1e-6)
      #expect(f.cameraMotion.rotation.length < 1e-6)
      // What states its velocity has that one.
      #expect(f.instances[1].motion.isNone)
    }
  }

  /// A value that begins again, holds or steps jumps, and a jump is no movement: no frame has more than the speed of what
  /// moves, which is that of the half of the shutter without the jump.
  @Test func jumpsAreNoMovement() throws {
    let scene = try compiled(
      """
      frames_per_sequence: 12
      fps: 8
      camera: {eye: [0, -9, 1], target: [0, 0, 1], shutter: {time: 0.05}}
      objects:
        - {id: sweep, category: a, shape: box, position: [{$sweep: {from: 0, to: 6, frames: 4}}, 0, 0]}
        - {id: round, category: a, shape: box, position: [{$sweep: {from: 0, to: 6, frames: 4, closed: true}}, 0, 0]}
        - {id: spline, category: a, shape: box, position: {$spline: {points: [[0, 0, 0], [6, 0, 0]], frames: 4}}}
        - {id: loop, category: a, shape: box, position: [{$keyframes: {keys: [[0, 0], [0.5, 4]], interpolation: linear, loop: true}}, 0, 0]}
        - {id: step, category: a, shape: box, position: [{$keyframes: {keys: [[0, 0], [0.375, 50], [0.75, -50]], interpolation: step}}, 0, 0]}
        - {id: floor, category: a, shape: box, position: [0, 0, 0], rotation: {yaw: {$expr: "90 * floor(8 * time)"}}}
        - {id: late, category: a, shape: box, position: [{$expr: "max(time - 0.375, 0) * 4"}, 0, 0]}
      """)
    let assets = TestAssets()
    for n in 0..<12 {
      let f = try scene.frame(n, assets: assets)
      func speed(_ name: String) -> Double { f.instances.first { $0.name == name }?.motion.velocity.x ?? .nan }
      // From 0 to 6 in three frames; from frame 3 on it stands at the end until it begins again in frame 4.
      for name in ["sweep", "spline"] {
        #expect(
          n % 4 == 3 ? speed(name) > 1 && speed(name) < 16.2 : abs(speed(name) - 16) < 0.1,
          "\(name) \(n): \(speed(name))")
        #expect(abs(f.instances[name == "sweep" ? 0 : 2].objectToWorld.translation.x - Double(n % 4) * 2) < 5e-3)
      }
      #expect(abs(speed("round") - 12) < 1e-6, "\(n): \(speed("round"))")
      #expect(abs(speed("loop") - 8) < 1e-6, "\(n): \(speed("loop"))")
      #expect(speed("step") == 0, "\(n): \(speed("step"))")
      #expect(f.instances.first { $0.name == "floor" }?.motion.rotation == Vector3(), "\(n)")
      // What begins to move in the middle of a shutter has half the speed over it: that is no jump.
      #expect(abs(speed("late") - (n < 3 ? 0 : n == 3 ? 2 : 4)) < 1e-6, "\(n): \(speed("late"))")
    }
  }

  /// The shutter of a rig is the longest of its views', wherever it is stated.
  @Test func aViewsShutterCounts() throws {
    let scene = try compiled(
      """
      frames_per_sequence: 4
      fps: 8
      camera: {eye: [0, -9, 1], target: [0, 0, 1], rig: [{id: left}, {id: right, position: [0.1, 0, 0], shutter: {time: 0.02}}]}
      objects: [{id: a, category: a, shape: box, position: [{$expr: "3 * time"}, 0, 0]}]
      """)
    let assets = TestAssets()
    for n in 0..<4 {
      for view in 0..<2 {
        let f = try scene.frame(n, view: view, assets: assets)
        #expect((f.instances[0].motion.velocity - Vector3(3, 0, 0)).length < 1e-6, "\(n), view \(view)")
      }
    }
  }

  /// What `rest` decided belongs to its element and copy, also where a layout that moves leaves others out over time.
  @Test func decisionsBelongToTheirElement() throws {
    let scene = try compiled(
      """
      frames_per_sequence: 6
      fps: 1
      camera: {eye: [0, -20, 5]}
      objects:
        - id: crowd
          category: a
          count: 4
          rest: true
          shape: {box: {size: [1, 1, 1]}}
          layout: {scatter: {size: [{$expr: "8 - 1.5 * time"}, {$expr: "8 - 1.5 * time"}], gap: 1, fill: true}}
        - {id: low, category: a, rest: true, shape: {box: {size: [1, 1, 1]}}, position: [20, 0, 9]}
        - {id: tall, category: a, rest: true, shape: {box: {size: [1, 1, 5]}}, position: [-20, 0, 9]}
      """)
    let assets = TestAssets()
    var counts: Set<Int> = []
    for n in 0..<6 {
      let f = try scene.frame(n, assets: assets)
      counts.insert(f.instances.count)
      for i in f.instances {
        let height = i.name == "tall" ? 2.5 : 0.5
        #expect(abs(i.objectToWorld.translation.z - height) < 1e-9, "\(i.name) in frame \(n)")
      }
    }
    #expect(counts.count > 1, "some are left out: \(counts)")
    var decided = Placements()
    let keys = [1, 2].map { Placements.Key(element: PathHash.root.child("crowd"), copy: $0) }
    for (k, key) in keys.enumerated() {
      decided.decide([AffineTransform(translation: Vector3(Double(k), 0, 0))], for: key)
    }
    #expect(decided.recall(keys[1]) == nil)
    // Asked for alone, the second has its own.
    let own = try #require(decided.kept.recall(keys[1]))
    #expect(own.map { $0?.translation } == [Vector3(1, 0, 0)])
  }

  @Test(arguments: [
    ("fps: 24", "frames_per_sequence beside it"), ("frames_per_sequence: 0", "from 1"),
    ("frames_per_sequence: {$integer: [2, 3]}", "fixed for all frames"),
    ("frames_per_sequence: 4\nsequence: {number: 0, index: 0, time: 0}", "one of them"),
    ("exposure: {$expr: \"time\"}", "frames_per_sequence in the scene"),
    ("exposure: {$keyframes: [[0, 1], [1, 2]]}", "frames_per_sequence in the scene"),
    ("frames_per_sequence: 4\nexposure: {$keyframes: [[1, 1], [0, 2]]}", "seconds that rise"),
    ("frames_per_sequence: 4\nexposure: {$keyframes: [[0, 1], [1, [2, 3]]]}", "values of one length"),
  ])
  func whatIsWrongIsSaid(text: String, message: String) {
    let error = #expect(throws: SceneError.self) {
      try compiled("camera: {eye: [3, 0, 0]}\nobjects: [{id: a, shape: box}]\n" + text)
    }
    #expect(error?.message.contains(message) ?? false, "\(error?.message ?? "")")
  }

  @Test(arguments: [
    "count: {$expr: \"floor(time) + 1\"}", "count: {$sweep: [1, 4]}", "rest: {$expr: \"time < 1\"}",
    "category: {$choice: [a, {$each_frame: {$choice: [a, b]}}]}",
  ])
  func whatThereIsLasts(text: String) {
    let error = #expect(throws: SceneError.self) {
      try compiled("frames_per_sequence: 4\ncamera: {eye: [3, 0, 0]}\nobjects: [{id: a, shape: box, \(text)}]")
    }
    #expect(error?.message.contains("lasts for it") ?? false, "\(error?.message ?? "")")
  }

  /// Every frame has noise of its own, also where all other dice are the sequence's.
  @Test func noiseIsEachFramesOwn() throws {
    let scene = try compiled(
      """
      frames_per_sequence: 4
      camera: {eye: [3, 0, 0], fov: 40, sensor: {iso: 400}}
      objects: [{id: a, category: a, shape: box}]
      """)
    let assets = TestAssets()
    let seeds = try (0..<8).map { try scene.frame($0, assets: assets).photography.sensor?.noiseSeed }
    #expect(Set(seeds).count == 8)
  }

  @Test func theNewDistributionsPassTheirChecks() throws {
    try checkDistribution(Keyframes.self, "[[0, 2], [1, 3]]", support: 2...2, mean: 2, variance: 0)
  }

  /// In a sequence each frame throws its own dice, as even as those of single frames, and other dice stay.
  @Test func eachFrameDrawsOverItsSupport() throws {
    let scene = try compiled(
      """
      frames: 4000
      frames_per_sequence: 4000
      camera: {eye: [3, 0, 0]}
      parameters: {shake: {$each_frame: {$uniform: [2, 4]}}, still: {$uniform: [0, 1]}}
      objects: [{id: a, category: a, shape: box}]
      """)
    var values: [Double] = []
    var still: Set<Double> = []
    for n in 0..<4000 {
      let document = try scene.sampled(frame: n, attempt: 0).document
      let (shake, own) = (document["parameters"]?["shake"]?.number, document["parameters"]?["still"]?.number)
      values.append(try #require(shake))
      still.insert(try #require(own))
    }
    let mean = values.reduce(0, +) / 4000
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3999
    // A uniform number's: 3 and 1/3, to 4.9 standard errors.
    #expect(abs(mean - 3) < 4.9 * (1.0 / 3 / 4000).squareRoot() && abs(variance - 1.0 / 3) < 0.03)
    #expect(values.allSatisfy { (2...4).contains($0) } && Set(values).count > 3990 && still.count == 1)
  }

  /// A smooth loop that ends in its first value has one slope there from both sides.
  @Test func aSmoothLoopHasNoKink() {
    let pairs: [(Double, Double)] = [(0, 0), (1, 3), (2, 4), (4, 0)]
    let keys = pairs.map { Keyframes.Key(seconds: $0.0, value: Quantity($0.1)) }
    let loop = Keyframes(keys: keys, loop: true)
    let (h, end) = (1e-5, loop.value(at: 4)[0])
    #expect(abs(end) < 1e-12)
    let (before, after) = ((end - loop.value(at: 4 - h)[0]) / h, (loop.value(at: 4 + h)[0] - end) / h)
    #expect(abs(before - after) < 1e-3, "\(before) and \(after)")
    // Through the neighbours around the seam: (3 - 4) / 3.
    #expect(abs(before + 1.0 / 3) < 1e-3)
    for k in keys { #expect(abs(loop.value(at: k.seconds)[0] - k.value.values[0]) < 1e-12) }
  }

  /// Threads that ask for frames of one sequence share the search for its attempt, and agree.
  @Test func theSearchIsShared() async throws {
    let text = """
      image: {width: 16, height: 16}
      frames_per_sequence: 8
      camera: {eye: [0, -8, 5]}
      attempts: 500
      rules: [{distance: {objects: other, from: mover, at_least: 3}}]
      objects:
        - {id: mover, category: a, shape: box, position: [{$uniform: [-2, 2]}, 0, 0]}
        - {id: other, category: a, shape: box, position: [{$uniform: [-2, 2]}, 0, 0]}
      """
    let (shared, alone) = (try compiled(text), try compiled(text))
    shared.attach(assets: TestAssets(), visibility: nil)
    alone.attach(assets: TestAssets(), visibility: nil)
    let found = try await withThrowingTaskGroup(of: (Int, Node).self) { group in
      for n in 0..<16 { group.addTask { (n, try shared.document(frame: n)) } }
      var all: [Int: Node] = [:]
      for try await (n, document) in group { all[n] = document }
      return all
    }
    for n in 0..<16 { #expect(try alone.document(frame: n) == found[n]) }
  }
}
