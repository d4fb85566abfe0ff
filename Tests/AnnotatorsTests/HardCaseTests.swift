import Geometry
import Imaging
import Rasterization
import Stage
import Testing

@testable import Annotators

/// Frames that other renderers' labels break on.
@Suite struct HardCaseTests {
  static let values = [
    "instance", "depth", "normal", "object_coordinates", "amodal_boxes", "amodal_masks", "visibility", "occluders",
    "oriented_boxes", "boxes_3d", "poses", "coverage",
  ]

  private func scene(
    _ instances: [Instance], _ width: Int = 64, _ height: Int = 48, f: Double = 50, near: Double = 0.1,
    _ projection: Projection = .pinhole
  ) -> Frame {
    // The camera at the origin looks along world +y.
    var camera = Camera.looking(from: Vector3(), at: Vector3(0, 1, 0), width, height, f: f, near: near)
    camera.projection = projection
    return Frame(width: width, height: height, camera: camera, instances: instances)
  }

  private func labelled(_ frame: Frame) throws -> Annotated {
    let a = try annotate(frame, AnnotationPlan(names: Self.values))
    var tally = TruthTests.Tally()
    if frame.width * frame.height < 100_000 { try TruthTests.compare(frame, "case", stride: 1, &tally) }
    #expect(tally.failures.isEmpty, "\(tally.failures.prefix(3))")
    for i in a.record.instances { #expect(i.mask.bytes.count > 0) }
    return a
  }

  @Test func throughTheNearPlane() throws {
    let rod = Instance(id: 1, Shapes.box, at: Vector3(0, 1, -0.4), Matrix3(diagonal: Vector3(0.3, 8, 0.1)))
    let i = try labelled(scene([rod])).record.instances[0]
    #expect(i.visiblePixels > 0 && i.values.visibility?.truncation == 1)
    #expect(i.values.visibility?.unboundedPixels == nil && i.values.fullBox == .some(nil))
    let corners = try #require(i.values.box3D?.corners)
    #expect(corners.count { $0 == nil } == 4)
  }

  @Test func behindTheCamera() throws {
    let i = try labelled(scene([Instance(id: 1, Shapes.box, at: Vector3(0, -3, 0))])).record.instances[0]
    #expect(i.visiblePixels == 0 && i.box == nil && i.values.amodalBox == .some(nil))
    #expect(i.values.visibility == VisibilityRecord(visible: 0, amodal: 0, unbounded: 0, isEndless: false))
    #expect(i.values.visibility?.truncation == nil && i.values.visibility?.visibility == nil)
    #expect(i.values.box3D?.corners.allSatisfy { $0 == nil } == true && i.values.orientedBox == .some(nil))
  }

  @Test func largerThanTheFrame() throws {
    let wall = Instance(id: 1, Shapes.box, at: Vector3(0, 3, 0), Matrix3(diagonal: Vector3(40, 1, 30)))
    let i = try labelled(scene([wall])).record.instances[0]
    #expect(i.visiblePixels == 64 * 48 && i.box == PixelBox(x: 0, y: 0, width: 64, height: 48))
    // 40 m by 30 m at 2.5 m and 50 pixels: 800 by 600.
    #expect(i.values.visibility?.unboundedPixels == 800 * 600)
    #expect(i.values.fullBox == .some(PixelBox(x: 32 - 400, y: 24 - 300, width: 800, height: 600)))
    let seen: Double = Double(64 * 48) / Double(800 * 600)
    #expect(i.values.visibility?.truncation == 1 - seen)
    #expect(i.values.orientedBox == .some(OrientedBox2D(center: Vector2(32, 24), size: Vector2(64, 48), angle: 0)))
  }

  @Test func farBeyondTheGuardBand() throws {
    // Far more than 32,768 pixels wide, all of it before the near plane.
    let wall = Instance(id: 1, Shapes.box, at: Vector3(0, 3, 0), Matrix3(diagonal: Vector3(1e5, 1, 1)))
    let v = try #require(try labelled(scene([wall])).record.instances[0].values.visibility)
    #expect(v.unboundedPixels == nil && v.truncation == 1 && v.amodalPixels > 0)
  }

  @Test func onePixelWide() throws {
    // 1/50 m at 1 m is one pixel, which begins at 32.
    let i = try labelled(
      scene([Instance(id: 1, Shapes.box, at: Vector3(0.01, 1.5, 0), Matrix3(diagonal: Vector3(0.02, 1, 0.4)))])
    ).record.instances[0]
    #expect(i.box == PixelBox(x: 32, y: 14, width: 1, height: 20) && i.visiblePixels == 20)
    #expect(i.values.orientedBox == .some(OrientedBox2D(center: Vector2(32.5, 24), size: Vector2(1, 20), angle: 0)))
  }

  @Test func withAHole() throws {
    // A ring seen along its axis.
    let turn = Matrix3(Vector3(1, 0, 0), Vector3(0, 0, -1), Vector3(0, 1, 0))
    let a = try labelled(scene([Instance(id: 1, Shapes.ring, at: Vector3(0, 2, 0), turn)]))
    let i = a.record.instances[0]
    let box = try #require(i.box)
    let mask = try #require(RunLengthMask(i.mask, width: 64, height: 48)?.plane)
    #expect(mask[32, 24] == 0 && mask[box.x, 24] + mask[box.x, 23] > 0)
    #expect(i.visiblePixels < box.width * box.height * 3 / 4)
    #expect(i.values.amodalMask == i.mask && i.values.occluders == [])
  }

  @Test func splitInTwo() throws {
    let wide = Instance(id: 1, Shapes.box, at: Vector3(0, 4, 0), Matrix3(diagonal: Vector3(3, 1, 0.5)))
    let post = Instance(id: 2, Shapes.box, at: Vector3(0, 2, 0), Matrix3(diagonal: Vector3(0.2, 0.2, 3)))
    let a = try labelled(scene([wide, post]))
    let (w, p) = (a.record.instances[0], a.record.instances[1])
    let mask = try #require(RunLengthMask(w.mask, width: 64, height: 48)?.plane)
    let box = try #require(w.box)
    #expect(box == (w.values.amodalBox ?? nil))
    let middle = (box.x..<box.x + box.width).map { mask[$0, 24] }
    #expect(middle.first == 1 && middle.last == 1 && middle.contains(0))
    let v = try #require(w.values.visibility)
    #expect(w.values.occluders == [OccluderRecord(id: 2, pixels: v.amodalPixels - w.visiblePixels)])
    #expect(v.visibility == Double(w.visiblePixels) / Double(v.amodalPixels) && p.values.occluders == [])
  }

  @Test func exactlyCoplanar() throws {
    // Two sheets at one depth: the one drawn first is seen, and hides the other.
    let sheet = Instance(id: 1, Shapes.box, at: Vector3(0, 2, 0), Matrix3(diagonal: Vector3(1, 1, 1)))
    var other = Instance(id: 2, Shapes.box, at: Vector3(0, 2, 0), Matrix3(diagonal: Vector3(1, 1, 1)))
    let a = try annotate(scene([sheet, other]), AnnotationPlan(names: Self.values))
    let (first, second) = (a.record.instances[0], a.record.instances[1])
    #expect(first.values.visibility?.visibility == 1 && second.values.visibility?.visibility == 0)
    #expect(second.values.occluders == [OccluderRecord(id: 1, pixels: first.visiblePixels)])
    #expect(second.values.amodalMask == first.mask)
    // Half as wide, it covers half.
    other.objectToWorld.linear = Matrix3(diagonal: Vector3(0.5, 1, 1))
    let b = try annotate(scene([other, sheet]), AnnotationPlan(names: Self.values))
    #expect(b.record.instances[0].values.visibility?.visibility == 1)
    let hidden = try #require(b.record.instances[1].values.occluders?.first)
    #expect(hidden.pixels == b.record.instances[0].visiblePixels)
  }

  @Test func fiveThousandInstances() throws {
    var list: [Instance] = []
    for k in 0..<5000 {
      let (x, z) = (Double(k % 100) - 49.5, Double(k / 100) - 24.5)
      list.append(
        Instance(
          id: k + 1, Shapes.box, at: Vector3(x * 0.04, 2, z * 0.04), Matrix3(diagonal: Vector3(0.03, 0.03, 0.03))))
    }
    let a = try annotate(
      scene(list, 320, 240, f: 150), AnnotationPlan(names: Self.values + ["instance32", "panoptic"]))
    #expect(a.record.instances.count == 5000)
    let sum = a.record.instances.reduce(0) { $0 + $1.visiblePixels }
    #expect(sum == a.rendered.gbuffer.instanceIndex.values.count { $0 != GBuffer.nothing })
    for i in a.record.instances {
      let v = try #require(i.values.visibility)
      #expect(i.visiblePixels <= v.amodalPixels && v.amodalPixels <= v.unboundedPixels ?? 0)
      #expect((i.values.occluders ?? []).reduce(0) { $0 + $1.pixels } == v.amodalPixels - i.visiblePixels)
    }
  }

  @Test func theCameraInsideAnObject() throws {
    let room = Instance(id: 1, Shapes.box, at: Vector3(), Matrix3(diagonal: Vector3(4, 4, 4)))
    let a = try labelled(scene([room, Instance(id: 2, Shapes.ball, at: Vector3(0, 1.5, 0))]))
    let i = a.record.instances[0]
    #expect(i.values.visibility?.amodalPixels == 64 * 48 && i.values.visibility?.truncation == 1)
    #expect(a.values("normal").isEmpty == false && i.values.box3D?.corners.contains { $0 == nil } == true)
  }

  @Test func onePixelAndManyPixels() throws {
    let ball = Instance(id: 1, Shapes.ball, at: Vector3(0, 2, 0))
    let one = try labelled(scene([ball], 1, 1)).record.instances[0]
    #expect(one.visiblePixels == 1 && one.box == PixelBox(x: 0, y: 0, width: 1, height: 1))
    #expect(one.values.orientedBox == .some(OrientedBox2D(center: Vector2(0.5, 0.5), size: Vector2(1, 1), angle: 0)))
    let large = try annotate(
      scene([ball, Instance(id: 2, Shapes.box, at: Vector3(1.5, 2, 0))], 7680, 4320, f: 5000),
      "instance", "normal", "amodal_masks", "amodal_boxes", "visibility", "occluders", "oriented_boxes")
    for i in large.record.instances {
      let v = try #require(i.values.visibility)
      #expect(i.visiblePixels == v.amodalPixels && (v.unboundedPixels ?? 0) >= v.amodalPixels)
      #expect(i.values.amodalMask == i.mask && i.values.amodalBox == .some(i.box))
    }
    #expect(large.record.instances[0].visiblePixels > 4_000_000)
  }

  @Test func aFisheyeThatSeesBehindItself() throws {
    let lens = Projection.fisheye(KannalaBrandt(limit: 115 * Double.pi / 180))
    let list = [
      Instance(id: 1, Shapes.box, at: Vector3(0, 2, 0)),
      // Beside and behind: z is negative.
      Instance(id: 2, Shapes.ball, at: Vector3(2, -0.6, 0)), Instance(id: 3, Shapes.ball, at: Vector3(0, -3, 0)),
    ]
    let a = try labelled(scene(list, 96, 96, f: 22, lens))
    let seen = a.record.instances.map(\.visiblePixels)
    #expect(seen[0] > 0 && seen[1] > 0 && seen[2] == 0)
    let behind = a.record.instances[1]
    #expect((behind.values.pose?.translation.z ?? 0) < 0)
    #expect(behind.values.box3D?.corners.contains { $0 != nil } == true)
    #expect(behind.values.visibility?.visibility == 1 && behind.values.visibility?.truncation == 0)
  }
}
