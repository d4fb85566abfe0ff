import Documents
import Geometry
import Imaging
import Rasterization
import Stage
import Testing

@testable import Annotators

/// Flow, scene flow and tracks.
@Suite struct MotionTests {
  private static let flows = ["flow_forward", "flow_backward", "scene_flow"]

  /// Against the ray caster, which knows where on its object a pixel looks: forward and backward, 0.01 pixels.
  @Test(arguments: testLenses.map(\.name)) func flowAgreesWithTheRayCaster(name: String) throws {
    let lens = try #require(testLenses.first { $0.name == name })
    var (pixels, wrongFlags, worst) = (0, 0, 0.0)
    for seed in 1...4 as ClosedRange<UInt64> {
      let frame = randomFrame(seed: seed, lens: (lens.projection, lens.f))
      let (earlier, later) = (frame.stirred(by: -1), frame.stirred(by: 1))
      let a = try annotateMotion(frame, previous: earlier, next: later, Self.flows)
      let caster = TruthCaster(frame)
      for (plane, other) in [("flow_forward", later), ("flow_backward", earlier)] {
        let flow = a.values(plane)
        let there = TruthCaster(other)
        for k in stride(from: Int(seed), to: frame.width * frame.height, by: 5) {
          let (x, y) = (k % frame.width, k / frame.width)
          guard let truth = caster.look(x, y) else {
            // Within snapping distance of an edge the picture may see what the caster just misses.
            if a.rendered.gbuffer.instanceIndex.values[k] == GBuffer.nothing {
              #expect(flow[3 * k + 2] == 0 && flow[3 * k] == 0)
            }
            continue
          }
          guard a.rendered.gbuffer.instanceIndex.values[k] == UInt32(truth.instance),
            Int(a.rendered.gbuffer.triangle.values[k]) == truth.triangle
          else { continue }
          pixels += 1
          let world = other.instances[truth.instance].objectToWorld * truth.object
          let point = other.camera.rotation * world + other.camera.translation
          guard let end = other.camera.project(point) else {
            #expect(flow[3 * k + 2] == 0)
            continue
          }
          let own = Vector2(Double(x) + 0.5 + flow[3 * k], Double(y) + 0.5 + flow[3 * k + 1])
          worst = max(worst, (own - end).length)
          if !((own - end).length <= 0.01) { Issue.record("\(name) \(seed) \(plane) (\(x), \(y)): \(own) not \(end)") }
          // Seen there: the same object at the same depth, both where the point is and in the middle of its pixel.
          var isSeen = false
          if end.x >= 0, end.y >= 0, end.x < Double(frame.width), end.y < Double(frame.height) {
            let middle = Vector2(end.x.rounded(.down) + 0.5, end.y.rounded(.down) + 0.5)
            let hit = there.look(end)
            isSeen =
              hit?.instance == truth.instance && abs((hit?.distance ?? 0) - point.length) < 2e-3 * point.length
              && there.look(middle)?.instance == truth.instance
          }
          if isSeen != (flow[3 * k + 2] == 1) { wrongFlags += 1 }
          if plane == "flow_forward" {
            let move = world - truth.world
            for c in 0..<3 { #expect(abs(a.values("scene_flow")[4 * k + c] - move[c]) < 1e-4) }
          }
        }
      }
    }
    print("flow, \(name): \(pixels) pixels, worst \(worst) px, \(wrongFlags) flags differ")
    #expect(pixels > 2000 && Double(wrongFlags) <= 0.005 * Double(pixels))
  }

  @Test func whatStandsStillDoesNotFlow() throws {
    for lens in testLenses {
      let frame = randomFrame(seed: 4, lens: (lens.projection, lens.f))
      let a = try annotateMotion(frame, previous: frame, next: frame, Self.flows)
      for plane in ["flow_forward", "flow_backward"] {
        let v = a.values(plane)
        let index = a.rendered.gbuffer.instanceIndex.values
        for k in index.indices {
          #expect(v[3 * k] == 0 && v[3 * k + 1] == 0, "\(lens.name)")
          #expect((v[3 * k + 2] == 1) == (index[k] != GBuffer.nothing), "\(lens.name) \(k)")
        }
      }
      #expect(a.values("scene_flow").enumerated().allSatisfy { $0.offset % 4 == 3 || $0.element == 0 })
    }
  }

  /// A camera that turns before a sky: flow is K R inverse(K), whatever is there to see.
  @Test func aTurningCameraMovesTheSkyByItsHomography() throws {
    var frame = Frame(
      width: 64, height: 48, camera: .looking(from: Vector3(1, 2, 3), at: Vector3(9, 1, 4), 64, 48, f: 50))
    frame.environment = EnvironmentUse(environment: GradientSky().makeEnvironment())
    var next = frame
    let turn = Motion(rotation: Vector3(0.05, -0.02, 0.04)).turn(1)
    // About the camera's own centre; and it may move, for the sky is far away.
    next.camera.rotation = turn * frame.camera.rotation
    next.camera.translation = -(next.camera.rotation * Vector3(7, -2, 1))
    let a = try annotateMotion(frame, next: next, ["flow_forward"])
    let v = a.values("flow_forward")
    var inside = 0
    for k in 0..<64 * 48 {
      let centre = Vector2(Double(k % 64) + 0.5, Double(k / 64) + 0.5)
      let d = turn * Vector3((centre.x - 32) / 50, (centre.y - 24) / 50, 1)
      let end = Vector2(50 * d.x / d.z + 32, 50 * d.y / d.z + 24)
      #expect((centre + Vector2(v[3 * k], v[3 * k + 1]) - end).length < 1e-4)
      let isInside = end.x >= 0 && end.y >= 0 && end.x < 64 && end.y < 48
      if abs(end.x - 32) > 31.99 || abs(end.y - 24) > 23.99 { continue }
      #expect((v[3 * k + 2] == 1) == isInside)
      inside += isInside ? 1 : 0
    }
    #expect(inside > 2000)
    // The sky's own turn counts too: with the camera's it leaves nothing.
    var turned = frame
    turned.environment?.rotation = 0.3
    let about = Motion(rotation: Vector3(0, 0, 0.3)).turn(1)
    turned.camera.rotation = frame.camera.rotation * about.transpose
    let still = try annotateMotion(frame, next: turned, ["flow_forward"]).values("flow_forward")
    for k in 0..<64 * 48 { #expect(abs(still[3 * k]) < 1e-3 && abs(still[3 * k + 1]) < 1e-3) }
    // A colour behind things stays where the camera is: nothing is said of it.
    frame.environment?.isBackground = false
    next.environment?.isBackground = false
    #expect(try annotateMotion(frame, next: next, ["flow_forward"]).values("flow_forward").allSatisfy { $0 == 0 })
  }

  /// A wall that slides across at 4 m, and a box that slides over it the other way.
  private func slide(_ step: Double) -> Frame {
    var frame = Frame(
      width: 80, height: 60,
      camera: Camera(fx: 80, fy: 80, cx: 40, cy: 30, rotation: .identity, translation: Vector3()))
    let wall = PlaneShape(size: Vector2(12, 12), repeats: Vector2(1, 1)).makeMesh()
    frame.instances = [
      Instance(id: 1, wall, at: Vector3(0.2 * step, -0.1 * step, 4), name: "wall"),
      Instance(id: 2, Shapes.box, at: Vector3(-0.4 * step, 0, 2.5), name: "box"),
    ]
    return frame
  }

  @Test func aSlidingWallFlowsEvenly() throws {
    let (here, there) = (slide(0), slide(1))
    let a = try annotateMotion(here, next: there, ["flow_forward", "scene_flow"])
    let b = try annotateMotion(there, previous: here, ["flow_backward"])
    let (forward, backward, move) = (a.values("flow_forward"), b.values("flow_backward"), a.values("scene_flow"))
    let index = a.rendered.gbuffer.instanceIndex.values
    let later = b.rendered.gbuffer.instanceIndex.values
    var (hidden, cancelled) = (0, 0)
    for k in index.indices where index[k] == 0 {
      // f / z times the way: 4 pixels to the right, 2 up.
      #expect(abs(forward[3 * k] - 4) < 1e-5 && abs(forward[3 * k + 1] + 2) < 1e-5)
      #expect(abs(move[4 * k] - 0.2) < 1e-6 && abs(move[4 * k + 1] + 0.1) < 1e-6 && move[4 * k + 3] == 1)
      let (x, y) = (k % 80 + 4, k / 80 - 2)
      let isInside = x < 80 && y >= 0
      let end = isInside ? y * 80 + x : 0
      #expect((forward[3 * k + 2] == 1) == (isInside && later[end] == 0), "(\(k % 80), \(k / 80))")
      if isInside, later[end] == 1 { hidden += 1 }
      guard forward[3 * k + 2] == 1, backward[3 * end + 2] == 1 else { continue }
      cancelled += 1
      #expect(abs(forward[3 * k] + backward[3 * end]) < 1e-5 && abs(forward[3 * k + 1] + backward[3 * end + 1]) < 1e-5)
    }
    #expect(hidden > 100 && cancelled > 1000, "\(hidden) \(cancelled)")
  }

  /// Where both say seen, flow there and back is 0: interpolated between four pixels of one triangle.
  @Test func forwardAndBackwardCancel() throws {
    var compared = 0
    for seed in 1...6 as ClosedRange<UInt64> {
      let frame = randomFrame(seed: seed)
      let later = frame.stirred(by: 1)
      let a = try annotateMotion(frame, next: later, ["flow_forward"])
      let b = try annotateMotion(later, previous: frame, ["flow_backward"])
      let (forward, backward) = (a.values("flow_forward"), b.values("flow_backward"))
      let (g, h) = (a.rendered.gbuffer, b.rendered.gbuffer)
      for k in 0..<frame.width * frame.height where forward[3 * k + 2] == 1 {
        let q = Vector2(Double(k % frame.width) + forward[3 * k], Double(k / frame.width) + forward[3 * k + 1])
        let (i, j) = (Int(q.x.rounded(.down)), Int(q.y.rounded(.down)))
        guard i >= 0, j >= 0, i + 1 < frame.width, j + 1 < frame.height else { continue }
        let corners = [(0, 0), (1, 0), (0, 1), (1, 1)].map { (j + $0.1) * frame.width + i + $0.0 }
        guard
          corners.allSatisfy({
            h.instanceIndex.values[$0] == g.instanceIndex.values[k] && h.triangle.values[$0] == g.triangle.values[k]
              && backward[3 * $0 + 2] == 1
          })
        else { continue }
        let (s, t) = (q.x - Double(i), q.y - Double(j))
        let weights = [(1 - s) * (1 - t), s * (1 - t), (1 - s) * t, s * t]
        var sum = Vector2(forward[3 * k], forward[3 * k + 1])
        for (c, w) in zip(corners, weights) { sum += Vector2(backward[3 * c], backward[3 * c + 1]) * w }
        compared += 1
        #expect(sum.length < 0.02, "seed \(seed), pixel \(k): \(sum)")
      }
    }
    #expect(compared > 3000)
  }

  /// A mesh that bends carries its points along; one of other triangles has none to carry.
  @Test func pointsStayWithTheirTriangles() throws {
    let flat = PlaneShape(size: Vector2(2, 2)).makeMesh()
    func bent(_ h: Float) -> Mesh {
      Mesh(
        vertices: flat.vertices.map {
          .init(
            position: $0.position + SIMD3(h * $0.position.y, 0, h * $0.position.x), normal: $0.normal,
            uv: SIMD2($0.positionU.w, $0.normalV.w))
        }, indices: flat.indices)
    }
    func frame(_ mesh: Mesh) -> Frame {
      var frame = Frame(
        width: 40, height: 40,
        camera: Camera(fx: 60, fy: 60, cx: 20, cy: 20, rotation: .identity, translation: Vector3(0, 0, 4)))
      frame.instances = [Instance(id: 1, mesh, name: "sheet")]
      return frame
    }
    let a = try annotateMotion(frame(flat), next: frame(bent(0.3)), first: frame(flat), ["flow_forward", "tracks"])
    let v = a.values("flow_forward")
    var seen = 0
    for k in 0..<1600 where a.rendered.gbuffer.instanceIndex.values[k] == 0 {
      let p = Vector2((Double(k % 40) + 0.5 - 20) / 15, (Double(k / 40) + 0.5 - 20) / 15)
      // x + 0.3 y, y at depth 4 + 0.3 x.
      let z = 4 + 0.3 * p.x
      let end = Vector2(60 * (p.x + 0.3 * p.y) / z + 20, 60 * p.y / z + 20)
      let own = Vector2(Double(k % 40) + 0.5 + v[3 * k], Double(k / 40) + 0.5 + v[3 * k + 1])
      #expect((own - end).length < 0.005)
      seen += 1
    }
    #expect(seen > 500)
    let b = try annotateMotion(frame(bent(0.3)), previous: frame(flat), first: frame(flat), ["tracks"])
    for (p, q) in zip(a.record.instances[0].values.tracks ?? [], b.record.instances[0].values.tracks ?? []) {
      #expect((q.world - (p.world + Vector3(0.3 * p.world.y, 0, 0.3 * p.world.x))).length < 1e-6)
    }
    let other = try annotateMotion(frame(flat), next: frame(Shapes.box), ["flow_forward", "scene_flow"])
    #expect(other.values("flow_forward").allSatisfy { $0 == 0 } && other.values("scene_flow").allSatisfy { $0 == 0 })
  }

  @Test func tracksAreTheSamePointsThroughout() throws {
    let frames = [-1.0, 0, 1].map { randomFrame(seed: 5).stirred(by: $0) }
    let all = try frames.map { try annotateMotion($0, first: frames[0], ["tracks", "boxes"]) }
    var (visible, hidden) = (0, 0)
    for (frame, a) in zip(frames, all) {
      let caster = TruthCaster(frame)
      for (n, instance) in a.record.instances.enumerated() {
        let k = try #require(frame.instances.firstIndex { $0.id == instance.id })
        let points = try #require(instance.values.tracks)
        #expect(points.count == 16)
        for (i, p) in points.enumerated() {
          let start = frames[0].instances[k].objectToWorld.inverse ?? .identity
          let first = try #require(all[0].record.instances[n].values.tracks)
          let expected = frame.instances[k].objectToWorld * (start * first[i].world)
          #expect((expected - p.world).length < 1e-9)
          let again = frame.camera.project(frame.camera.worldToCamera * p.world)
          #expect(again.map { ($0 - (p.place ?? Vector2())).length < 1e-6 } ?? (p.place == nil))
          guard let place = p.place else { continue }
          let own = (frame.camera.worldToCamera * p.world).length
          let hit = caster.look(place)
          let isFree = hit?.instance == k && abs((hit?.distance ?? 0) - own) < 2e-3 * own
          if p.isVisible {
            visible += 1
            #expect(isFree || caster.isAtEdge(Int(place.x), Int(place.y), reach: 0.75), "\(instance.name) \(i)")
          } else {
            hidden += 1
            let isInside = place.x >= 0 && place.y >= 0 && place.x < 96 && place.y < 72
            #expect(!(isInside && isFree) || caster.isAtEdge(Int(place.x), Int(place.y), reach: 0.75))
          }
        }
      }
    }
    #expect(visible > 50 && hidden > 50, "\(visible) \(hidden)")
  }

  /// A sheet of metal 2 mm thick at 4 m: its back is half a thousandth of the distance behind its front, and is not seen.
  @Test func theBackOfAThinThingIsHidden() throws {
    func frame(_ x: Double) -> Frame {
      var frame = Frame(
        width: 60, height: 60,
        camera: Camera(fx: 90, fy: 90, cx: 30, cy: 30, rotation: .identity, translation: Vector3()))
      frame.instances = [
        Instance(id: 1, Box(size: Vector3(1.5, 1.5, 0.002)).makeMesh(), at: Vector3(x, 0, 4), name: "sheet")
      ]
      return frame
    }
    let a = try annotateMotion(frame(0), first: frame(0), ["tracks"])
    let tracks = try #require(a.record.instances[0].values.tracks)
    let (front, back) = (tracks.filter { $0.world.z < 3.9995 }, tracks.filter { $0.world.z > 4.0005 })
    #expect(front.count > 3 && back.count > 3)
    #expect(front.allSatisfy(\.isVisible) && back.allSatisfy { !$0.isVisible })
    // Turned round in the next frame, what was in front is behind.
    var turned = frame(0)
    turned.instances[0].objectToWorld.linear = Quaternion(angle: Double.pi, axis: Vector3(0, 1, 0)).matrix
    let flow = try annotateMotion(frame(0), next: turned, ["flow_forward"]).values("flow_forward")
    #expect((0..<3600).allSatisfy { flow[3 * $0 + 2] == 0 })
  }

  @Test func pointsAreSpreadByArea() {
    let places = Shapes.box.surfacePlaces(1200)
    var faces: [Int: Int] = [:]
    for p in places {
      #expect(p.w1 >= 0 && p.w2 >= 0 && p.w1 + p.w2 <= 1 + 1e-12)
      let n = Shapes.box.vertices[Int(Shapes.box.indices[3 * p.triangle])].normal
      faces[Int(n.x + 2 * n.y + 4 * n.z), default: 0] += 1
    }
    #expect(faces.count == 6 && faces.values.allSatisfy { abs($0 - 200) < 20 }, "\(faces)")
    #expect(Array(places.prefix(50)) == Shapes.box.surfacePlaces(50))
  }

  @Test func flowAsPNGIsFlow() throws {
    let node = Node(
      .sequence([
        Node(
          .mapping([
            .init(
              key: "flow_forward", keyMark: .none,
              value: Node(.mapping([.init(key: "encoding", keyMark: .none, value: Node(.string("png")))])))
          ]))
      ]))
    let (here, there) = (randomFrame(seed: 2), randomFrame(seed: 2).stirred(by: 1))
    let around = SequenceNeighbours(next: there.seen())
    let png = try annotate(here, try AnnotationPlan(node), around).values("flow_forward")
    let floats = try annotate(here, try AnnotationPlan(names: ["flow_forward"]), around).values("flow_forward")
    for k in stride(from: 0, to: png.count, by: 3) {
      #expect(png[k + 2] == floats[k + 2])
      guard png[k + 2] == 1 else { continue }
      #expect(abs(png[k] - floats[k]) <= 1 / 127.9 && abs(png[k + 1] - floats[k + 1]) <= 1 / 127.9)
    }
    // More than 512 pixels do not fit.
    var far = Frame(
      width: 800, height: 2, camera: Camera(fx: 800, fy: 800, cx: 0, cy: 1, rotation: .identity, translation: Vector3())
    )
    far.instances = [Instance(id: 1, Shapes.box, at: Vector3(0, 0, 4))]
    var moved = far
    moved.instances[0].objectToWorld.translation.x = 3.2
    #expect(throws: LabelError.self) {
      try annotate(far, try AnnotationPlan(node), SequenceNeighbours(next: moved.seen()))
    }
  }

  @Test func objectsThatComeAndGoAreAnError() throws {
    let frame = randomFrame(seed: 3)
    var other = frame
    other.instances.remove(at: 2)
    #expect(throws: LabelError.self) { try annotateMotion(frame, next: other, ["flow_forward"]) }
    other = frame
    other.instances[2].id = 400
    let error = #expect(throws: LabelError.self) { try annotateMotion(frame, next: other, ["flow_forward"]) }
    #expect(error?.description.contains("last for a sequence") ?? false)
  }

  @Test func withoutTimeNothingFlows() throws {
    let a = try annotateMotion(randomFrame(seed: 1), Self.flows)
    for plane in Self.flows { #expect(a.values(plane).allSatisfy { $0 == 0 }) }
    #expect(a.record.sequence == nil)
  }

  @Test func labelsAloneAreThoseOfThePicture() {
    for lens in testLenses {
      let frame = randomFrame(seed: 9, lens: (lens.projection, lens.f))
      let (full, bare) = (Rasterizer().render(frame).gbuffer, frame.seen().gbuffer)
      #expect(full.instanceIndex == bare.instanceIndex)
      for k in full.triangle.values.indices where full.instanceIndex.values[k] != GBuffer.nothing {
        #expect(full.triangle.values[k] == bare.triangle.values[k])
      }
    }
  }
}
