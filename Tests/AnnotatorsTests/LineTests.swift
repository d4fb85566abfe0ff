import Foundation
import Geometry
import Rasterization
import Stage
import Testing

@testable import Annotators

/// Polylines, the horizon and vanishing points against brute force and closed forms.
@Suite struct LineTests {
  private func distance(_ p: Vector2, _ line: [Vector2]) -> Double {
    var best = Double.infinity
    for (a, b) in zip(line, line.dropFirst()) {
      let (ab, ap) = (b - a, p - a)
      let l = dot(ab, ab)
      let d = ap - ab * (l > 0 ? min(max(dot(ap, ab) / l, 0), 1) : 0)
      best = min(best, dot(d, d).squareRoot())
    }
    return best
  }

  @Test(arguments: testLenses.map(\.name)) func polylinesAreThoseOfBruteForce(name: String) throws {
    let lens = try #require(testLenses.first { $0.name == name })
    var (samples, judged, wrong, worst, visible, hidden) = (0, 0, 0, 0.0, 0, 0)
    var outside = 0
    for seed in 0..<6 {
      let frame = randomFrame(seed: UInt64(seed + 40), things: 8, lens: (lens.projection, lens.f))
      let a = try annotate(frame, "polylines")
      let caster = TruthCaster(frame)
      let lines = try #require(a.record.lines.polylines)
      #expect(lines.map(\.name) == ["ring", "wire", "past"] && lines[0].kind == "border")
      for (line, declared) in zip(lines, frame.polylines) {
        visible += line.pieces.count { $0.isVisible }
        hidden += line.pieces.count { !$0.isVisible }
        for piece in line.pieces {
          for (q, p) in zip(piece.image, piece.camera) {
            let world = try #require(frame.camera.worldToCamera.inverse) * p
            // At the very edge of what the lens shows the way to the world and back may lead outside.
            guard let truth = TruthCamera.project(frame.camera, world) else {
              outside += 1
              continue
            }
            #expect((q - truth).size < 1e-6 && q.x >= -1e-6 && q.y >= -1e-6 && q.x <= 96.000001 && q.y <= 72.000001)
          }
        }
        let corners = declared.points
        for i in 0..<(declared.isClosed ? corners.count : corners.count - 1) {
          let (p, q) = (corners[i], corners[(i + 1) % corners.count])
          for k in 0...1500 {
            let world = p + (q - p) * (Double(k) / 1500)
            guard let place = TruthCamera.project(frame.camera, world), place.x > 0.01, place.y > 0.01,
              place.x < 95.99, place.y < 71.99
            else { continue }
            samples += 1
            let off = line.pieces.map { distance(place, $0.image) }
            let nearest = off.min() ?? .infinity
            worst = max(worst, nearest)
            guard k % 37 == 0, let piece = off.firstIndex(of: nearest) else { continue }
            judged += 1
            let expected = isHidden(world, at: place, caster)
            if expected == line.pieces[piece].isVisible {
              wrong += 1
              // Near a change of the line's own or an edge of what hides it.
              let around =
                ring
                .map { isHidden(world, at: place + Vector2($0.0, $0.1), caster) }
              #expect(around.contains { $0 != expected }, "\(name) \(seed) \(line.name) \(place)")
            }
          }
        }
      }
    }
    print(
      "polylines, \(name): \(samples) samples, worst \(worst) px, \(wrong) of \(judged) flags differ at edges, "
        + "\(visible) visible and \(hidden) hidden pieces")
    // The tolerance, and what chords between a curve's samples add.
    #expect(worst < 0.11 && samples > 4000 && visible > 6 && hidden > 3)
    #expect(Double(wrong) <= 0.01 * Double(judged) && outside < 10)
  }

  /// Places within a pixel and a bit.
  private let ring: [(Double, Double)] = [0.35, 0.7, 1.0].flatMap { r in
    [(1.0, 0.0), (-1, 0), (0, 1), (0, -1), (0.7, 0.7), (-0.7, 0.7), (0.7, -0.7), (-0.7, -0.7)].map {
      ($0.0 * r, $0.1 * r)
    }
  }

  private func isHidden(_ world: Vector3, at place: Vector2, _ caster: TruthCaster) -> Bool {
    guard let hit = caster.look(place) else { return false }
    let camera = caster.frame.camera
    let p = camera.worldToCamera * world
    let along = camera.isParallel ? p.z - hit.camera.z : p.length - hit.distance
    let ray = camera.isParallel ? Vector3(0, 0, 1) : p / p.length
    return along > 1e-4 * p.length && along * abs(dot(ray, hit.normal)) > 0.02
  }

  /// A line behind a wall: hidden exactly between the wall's edges.
  @Test func aLineIsCutWhereItDisappears() throws {
    var frame = Frame(width: 100, height: 60, camera: .looking(from: Vector3(0, -4, 0), 100, 60, f: 80))
    frame.instances = [Instance(id: 1, Shapes.box, at: Vector3(0, -1, 0))]
    frame.polylines = [
      Polyline(name: "a", kind: "k", points: [Vector3(-9, 1, 0.1), Vector3(9, 1, 0.1)], isClosed: false),
      Polyline(
        name: "front", kind: "", points: [Vector3(-1, -2, 0), Vector3(0.2, -2, 0), Vector3(1, -2, 0.3)], isClosed: false
      ),
      Polyline(name: "behind", kind: "", points: [Vector3(-1, -5, 0), Vector3(1, -5, 0)], isClosed: false),
      Polyline(name: "through", kind: "", points: [Vector3(0.6, -6, 0.1), Vector3(0.6, 2, 0.1)], isClosed: false),
      Polyline(name: "end on", kind: "", points: [Vector3(0, -2, 0), Vector3(0, 3, 0)], isClosed: false),
    ]
    let lines = try #require(try annotate(frame, "polylines").record.lines.polylines)
    let pieces = lines[0].pieces
    #expect(pieces.map(\.isVisible) == [true, false, true])
    // The box's front is 2.5 m away and 1 m wide, the line's row lies 0.1 m at 5 m above the middle.
    let edge = 80 * 0.5 / 2.5
    #expect(pieces[0].image.first.map { abs($0.x) < 1e-9 && abs($0.y - (30 - 80 * 0.1 / 5)) < 1e-9 } == true)
    #expect(abs(pieces[1].image[0].x - (50 - edge)) < 0.06 && abs((pieces[1].image.last?.x ?? 0) - (50 + edge)) < 0.06)
    #expect(
      pieces[0].image.last == pieces[1].image.first && pieces[2].image.last.map { abs($0.x - 100) < 1e-9 } == true)
    // Corners stay corners, and nothing else is added to a straight line.
    #expect(lines[1].pieces.count == 1 && lines[1].pieces[0].isVisible && lines[1].pieces[0].image.count == 3)
    #expect(lines[2].pieces.isEmpty && lines[4].pieces.isEmpty)
    // From the near plane on, which it meets far outside the image.
    #expect(lines[3].pieces.count >= 1 && lines[3].pieces[0].image[0].x > 99.9)
  }

  @Test func theHorizonHasAClosedForm() throws {
    for (pitch, roll) in [(0.0, 0.0), (0.2, 0), (-0.3, 0.15), (0.05, -0.6)] {
      // Looks along +y, tilted down by the pitch, then rolled.
      let forward = Vector3(0, cos(pitch), -sin(pitch))
      var camera = Camera.looking(from: Vector3(3, 1, 2), at: Vector3(3, 1, 2) + forward, 200, 120, f: 150)
      let (s, c) = (sin(roll), cos(roll))
      let r = camera.rotation
      camera.rotation = Matrix3(r.row0 * c + r.row1 * s, r.row1 * c - r.row0 * s, r.row2)
      camera.translation = -(camera.rotation * Vector3(3, 1, 2))
      let found = HorizonRecord(camera, width: 200, height: 120, tolerance: 0.1)
      let line = try #require(found.line)
      // Without roll the horizon is the row f tan(pitch) above the middle; roll turns it about the principal point.
      let up = 150 * tan(pitch)
      let foot = Vector2(100 - up * s, 60 - up * c)
      #expect(abs(dot(Vector2(line.x, line.y), foot) + line.z) < 1e-9)
      #expect(abs(line.x + s) < 1e-12 && abs(line.y + c) < 1e-12)
      // The sky is on the positive side.
      #expect(line.x * foot.x + line.y * (foot.y - 10) + line.z > 0)
      #expect(found.pieces.count == 1 && found.pieces[0].count == 2)
      for p in found.pieces.joined() { #expect(abs(line.x * p.x + line.y * p.y + line.z) < 1e-6) }
    }
    let down = Camera.looking(from: Vector3(0, 0, 2), at: Vector3(0.0, 1e-9, 0), 64, 48, f: 60)
    var straight = down
    straight.rotation = Matrix3(Vector3(1, 0, 0), Vector3(0, -1, 0), Vector3(0, 0, -1))
    #expect(HorizonRecord(straight, width: 64, height: 48, tolerance: 0.1) == HorizonRecord(line: nil, pieces: []))
    straight.projection = .orthographic
    #expect(HorizonRecord(straight, width: 64, height: 48, tolerance: 0.1) == HorizonRecord(line: nil, pieces: []))
  }

  @Test(arguments: testLenses.filter { $0.name != "orthographic" }.map(\.name))
  func theHorizonIsWhereGroundEnds(name: String) throws {
    let lens = try #require(testLenses.first { $0.name == name })
    for seed in 0..<6 {
      let frame = randomFrame(seed: UInt64(seed), lens: (lens.projection, lens.f))
      let found = HorizonRecord(frame.camera, width: 96, height: 72, tolerance: 0.1)
      var inside = 0
      for k in 0..<7200 {
        let angle = Double(k) / 7200 * 2 * Double.pi
        // A point of the ground's plane a thousand kilometres away.
        let world = frame.camera.position + Vector3(cos(angle), sin(angle), 0) * 1e6
        guard let p = TruthCamera.project(frame.camera, world), p.x > 0.01, p.y > 0.01, p.x < 95.99, p.y < 71.99 else {
          continue
        }
        inside += 1
        #expect((found.pieces.map { distance(p, $0) }.min() ?? .infinity) < 0.11)
      }
      #expect((inside == 0) == found.pieces.isEmpty || inside < 3)
    }
    // From straight above, a fisheye of more than 180 degrees sees all of it: a circle.
    if name.hasPrefix("fisheye") {
      var camera = Camera(
        fx: 22, fy: 22, cx: 50, cy: 50, rotation: Matrix3(Vector3(1, 0, 0), Vector3(0, -1, 0), Vector3(0, 0, -1)),
        translation: Vector3(0, 0, 3))
      camera.projection = lens.projection
      let found = HorizonRecord(camera, width: 100, height: 100, tolerance: 0.05)
      #expect(found.pieces.count == 1 && found.pieces[0].first == found.pieces[0].last)
      for p in found.pieces.joined() { #expect(abs((p - Vector2(50, 50)).size - 22 * Double.pi / 2) < 1e-6) }
    }
  }

  @Test func vanishingPointsHaveClosedForms() throws {
    // Level, turned 20 degrees from +y towards +x.
    let turn = 20 * Double.pi / 180
    let camera = Camera.looking(from: Vector3(), at: Vector3(sin(turn), cos(turn), 0), 200, 120, f: 150)
    func point(_ d: Vector3, _ camera: Camera) -> VanishingPoint {
      VanishingPoint(name: "d", direction: d, camera)
    }
    let y = point(Vector3(0, 1, 0), camera)
    #expect(y.image.map { ($0 - Vector2(100 - 150 * tan(turn), 60)).size < 1e-9 } == true && y.opposite == nil)
    let x = point(Vector3(1, 0, 0), camera)
    #expect(x.image.map { ($0 - Vector2(100 + 150 / tan(turn), 60)).size < 1e-9 } == true && x.opposite == nil)
    #expect(point(Vector3(0, -1, 0), camera).opposite == y.image)
    // At right angles to the axis there is none, to rounding.
    let z = point(Vector3(0, 0, 1), camera)
    #expect([z.image, z.opposite].allSatisfy { $0.map { $0.size > 1e12 } ?? true })
    var fisheye = camera
    fisheye.projection = .fisheye(KannalaBrandt(limit: 110 * Double.pi / 180))
    fisheye.fx = 40
    fisheye.fy = 40
    let both = point(Vector3(0, 0, 1), fisheye)
    #expect(both.image.map { ($0 - Vector2(100, 60 - 20 * Double.pi)).size < 1e-9 } == true)
    #expect(both.opposite.map { ($0 - Vector2(100, 60 + 20 * Double.pi)).size < 1e-9 } == true)
    fisheye.projection = .orthographic
    #expect(point(Vector3(0, 1, 0), fisheye).image == nil)
    // Far along a direction everything comes to its vanishing point.
    for lens in testLenses where lens.name != "orthographic" {
      let frame = randomFrame(seed: 3, lens: (lens.projection, lens.f))
      for d in [Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(0.6, 0.48, -0.64)] {
        let found = point(d, frame.camera)
        for (place, sign) in [(found.image, 1.0), (found.opposite, -1)] {
          let far = TruthCamera.project(frame.camera, frame.camera.position + d * (sign * 1e7))
          #expect((place == nil) == (far == nil))
          if let place, let far { #expect((place - far).size <= 1e-3 * max(1, far.size)) }
        }
      }
    }
  }
}

extension Vector2 {
  fileprivate var size: Double { (x * x + y * y).squareRoot() }
}
