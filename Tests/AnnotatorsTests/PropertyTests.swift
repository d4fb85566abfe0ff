import Geometry
import Imaging
import Rasterization
import Stage
import Testing

@testable import Annotators

/// Truths that hold for every frame.
@Suite struct PropertyTests {
  static let names = [
    "instance", "depth", "amodal_boxes", "amodal_masks", "visibility", "occluders", "oriented_boxes", "boxes_3d",
    "poses",
    "coverage", "panoptic", "image_labels",
  ]

  private func mask(_ m: CompressedMask?, _ frame: Frame) throws -> [UInt8] {
    let m = try #require(m)
    let run = try #require(RunLengthMask(m, width: frame.width, height: frame.height))
    return run.plane.values
  }

  @Test(arguments: 0..<24) func masksBoxesAndCountsAgree(seed: Int) throws {
    let lens = testLenses[seed % testLenses.count]
    let frame = randomFrame(seed: UInt64(seed), things: 9, lens: (lens.projection, lens.f))
    let a = try annotate(frame, AnnotationPlan(names: Self.names))
    let index = a.rendered.gbuffer.instanceIndex.values
    var owned = [Int](repeating: 0, count: index.count)
    for instance in a.record.instances {
      let k = try #require(frame.instances.firstIndex { $0.id == instance.id })
      let visible = try mask(instance.mask, frame)
      let amodal = try mask(instance.values.amodalMask, frame)
      let v = try #require(instance.values.visibility)
      // Visible is a subset of amodal, and what hides the rest is named.
      #expect(zip(visible, amodal).allSatisfy { $0 <= $1 })
      #expect(visible.reduce(0) { $0 + Int($1) } == instance.visiblePixels)
      #expect(amodal.reduce(0) { $0 + Int($1) } == v.amodalPixels)
      var hidden: [UInt32: Int] = [:]
      for p in index.indices where amodal[p] == 1 && visible[p] == 0 {
        hidden[frame.instances[Int(index[p])].id, default: 0] += 1
      }
      #expect(instance.values.occluders == hidden.map { OccluderRecord(id: $0, pixels: $1) }.sorted { $0.id < $1.id })
      for p in visible.indices { owned[p] += Int(visible[p]) }
      // Boxes are the bounds of masks.
      #expect(instance.box == bounds(visible, frame))
      #expect(instance.values.amodalBox == .some(bounds(amodal, frame)))
      if let n = v.unboundedPixels, n > 0, let truncation = v.truncation {
        #expect(n >= v.amodalPixels && (0...1).contains(truncation))
        // Percent visible = percent in frame x visibility in frame.
        let percent = Double(instance.visiblePixels) / Double(n)
        #expect(abs(percent - (1 - truncation) * (v.visibility ?? 0)) < 1e-12)
        let full = try #require(instance.values.fullBox ?? nil)
        if let cut = instance.values.amodalBox ?? nil { #expect(full.union(cut) == full) }
        if n == v.amodalPixels { #expect(instance.values.amodalBox == instance.values.fullBox) }
      }
      // Alone it is seen as far as it would be.
      var alone = frame
      alone.instances = [frame.instances[k]]
      let counts = Rasterizer().visibility(of: alone)[0]
      #expect(counts.visible == v.amodalPixels && counts.amodal == v.amodalPixels)
      // Nothing of it lies outside of its box in space.
      if !frame.camera.isBent, let b = instance.values.box3D, b.corners.allSatisfy({ $0 != nil }) {
        let corners = b.corners.compactMap { $0 }
        for p in amodal.indices where amodal[p] == 1 {
          let q = Vector2(Double(p % frame.width) + 0.5, Double(p / frame.width) + 0.5)
          #expect(isInside(q, corners), "\(instance.name) \(q)")
        }
      }
    }
    // Visible masks do not overlap, and with the background they are the whole image.
    let unlabelled = index.count { $0 == GBuffer.nothing || frame.instances[Int($0)].id == 0 }
    #expect(owned.allSatisfy { $0 <= 1 } && owned.reduce(0, +) + unlabelled == frame.width * frame.height)
    // Coverage is whole away from edges of labels, and there is some at them.
    let coverage = a.values("coverage")
    #expect(coverage.allSatisfy { $0 > 0.12 && $0 <= 1 } && coverage.contains { $0 < 1 })
  }

  private func bounds(_ mask: [UInt8], _ frame: Frame) -> PixelBox? {
    var (x0, x1, y0, y1) = (Int.max, Int.min, Int.max, Int.min)
    for p in mask.indices where mask[p] == 1 {
      (x0, x1) = (min(x0, p % frame.width), max(x1, p % frame.width))
      (y0, y1) = (min(y0, p / frame.width), max(y1, p / frame.width))
    }
    return x0 <= x1 ? PixelBox(x: x0, y: y0, width: x1 + 1 - x0, height: y1 + 1 - y0) : nil
  }

  /// Whether a point lies in the convex hull of others, or within snapping distance of it.
  private func isInside(_ q: Vector2, _ points: [Vector2]) -> Bool {
    for a in points {
      for b in points where b != a {
        let d = b - a
        let length = (d.x * d.x + d.y * d.y).squareRoot()
        func side(_ p: Vector2) -> Double { (d.x * (p.y - a.y) - d.y * (p.x - a.x)) / length }
        // A side of the hull has all points on one hand.
        if points.allSatisfy({ side($0) >= -1e-9 }), side(q) < -0.01 { return false }
      }
    }
    return true
  }

  @Test(arguments: 0..<16) func unboundedCountsAreThoseOfALargerPicture(seed: Int) throws {
    let frame = randomFrame(seed: UInt64(seed + 100), things: 9, width: 60, height: 40)
    let a = try annotate(frame, "visibility", "amodal_boxes")
    // The same picture with more around it.
    var wide = frame
    let margin = 800
    wide.width += 2 * margin
    wide.height += 2 * margin
    wide.camera.cx += Double(margin)
    wide.camera.cy += Double(margin)
    let b = try annotate(wide, "visibility", "amodal_boxes")
    var compared = 0
    for (i, instance) in a.record.instances.enumerated() {
      let own = try #require(instance.values.visibility)
      let other = b.record.instances[i].values
      guard let n = own.unboundedPixels else {
        #expect(own.truncation == 1)
        continue
      }
      guard let box = instance.values.fullBox ?? nil, box.x > -margin, box.y > -margin,
        box.x + box.width < frame.width + margin, box.y + box.height < frame.height + margin
      else { continue }
      // Snapping may tell a few pixels otherwise, for the principal point is another number.
      #expect(abs(n - (other.visibility?.amodalPixels ?? 0)) <= 2)
      let shifted = try #require(other.amodalBox ?? nil)
      #expect(abs(shifted.x - margin - box.x) <= 1 && abs(shifted.width - box.width) <= 1)
      compared += 1
    }
    #expect(compared >= 3)
  }

  /// Under lenses that bend the picture too, as far as they show anything.
  @Test(arguments: testLenses.indices) func extentsOfLensesAreThoseOfALargerPicture(_ k: Int) throws {
    let lens = testLenses[k]
    let margin = 160
    var compared = 0
    for seed in 0..<4 {
      let frame = randomFrame(
        seed: UInt64(seed + 300), things: 9, width: 60, height: 40, lens: (lens.projection, lens.f))
      guard frame.camera.isBent else { return }
      let a = try annotate(frame, "visibility", "amodal_boxes")
      var wide = frame
      wide.width += 2 * margin
      wide.height += 2 * margin
      wide.camera.cx += Double(margin)
      wide.camera.cy += Double(margin)
      let b = try annotate(wide, "visibility", "amodal_boxes")
      for (i, instance) in a.record.instances.enumerated() {
        let own = try #require(instance.values.visibility)
        guard let n = own.unboundedPixels, let box = instance.values.fullBox ?? nil, box.x > -margin, box.y > -margin,
          box.x + box.width < frame.width + margin, box.y + box.height < frame.height + margin
        else { continue }
        let other = b.record.instances[i].values
        let all = other.visibility?.amodalPixels ?? 0
        // Places are snapped to the ideal planes of either picture.
        #expect(abs(n - all) <= 3 + all / 500, "\(lens.name), instance \(i): \(n), not \(all)")
        let shifted = try #require(other.amodalBox ?? nil)
        #expect(abs(shifted.x - margin - box.x) <= 1 && abs(shifted.width - box.width) <= 1)
        if n > own.amodalPixels { compared += 1 }
      }
    }
    #expect(compared >= 2, "\(lens.name)")
  }

  @Test func posesAndBoxesSayWhereObjectsAre() throws {
    for seed in 0..<8 {
      let frame = randomFrame(seed: UInt64(seed))
      let a = try annotate(frame, "poses", "boxes_3d", "attributes")
      for instance in a.record.instances {
        let own = try #require(frame.instances.first { $0.id == instance.id })
        let pose = try #require(instance.values.pose)
        let box = try #require(instance.values.box3D)
        #expect(abs(pose.rotation.determinant - 1) < 1e-12 && pose.rotation.orthonormalityError < 1e-12)
        #expect(abs(box.rotation.determinant - 1) < 1e-12)
        #expect(pose.symmetries == own.symmetries && instance.values.attributes == own.attributes)
        var (low, high) = (Vector3(repeating: .infinity), Vector3(repeating: -.infinity))
        for v in own.mesh.vertices {
          let p = Vector3(v.position)
          let camera = frame.camera.worldToCamera * (own.objectToWorld * p)
          #expect((pose.rotation * (pose.scale * p) + pose.translation - camera).length < 1e-9)
          let inBox = box.rotation.transpose * (own.objectToWorld * p - box.center)
          (low, high) = (pointwiseMin(low, inBox), pointwiseMax(high, inBox))
        }
        // The box touches what it holds on all six sides.
        #expect((low + box.size / 2).length < 1e-6 && (high - box.size / 2).length < 1e-6)
        for (k, corner) in box.worldCorners.enumerated() {
          #expect(box.corners[k] == frame.camera.project(frame.camera.worldToCamera * corner))
        }
      }
    }
  }

  @Test func shearedObjectsHaveABoxToo() throws {
    var frame = randomFrame(seed: 1, things: 1)
    frame.instances[1].objectToWorld.linear = Matrix3(Vector3(1, 0.5, 0), Vector3(0, 1, 0.2), Vector3(0, 0, 1))
    let box = try #require(try annotate(frame, "boxes_3d").record.instances.last?.values.box3D)
    for v in frame.instances[1].mesh.vertices {
      let p = box.rotation.transpose * (frame.instances[1].objectToWorld * Vector3(v.position) - box.center)
      for c in 0..<3 { #expect(abs(p[c]) <= box.size[c] / 2 + 1e-9) }
    }
  }

  @Test func orientedBoxesAreTheLeast() throws {
    for seed in 0..<12 {
      let plane = randomIndexPlane(width: 37, height: 29, count: 5, seed: UInt64(seed))
      for region in try VisibleRegionScanner().regions(of: plane, instanceCount: 5) {
        guard let box = OrientedBox2D(around: region.mask) else {
          #expect(region.pixels == 0)
          continue
        }
        #expect((0..<Double.pi / 2).contains(box.angle))
        let (s, c) = StableMath.sincos(box.angle)
        let cells = region.mask.plane
        var corners: [Vector2] = []
        for y in 0..<29 {
          for x in 0..<37 where cells[x, y] == 1 {
            for (i, j) in [(0, 0), (1, 0), (0, 1), (1, 1)] { corners.append(Vector2(Double(x + i), Double(y + j))) }
          }
        }
        func extent(_ along: Vector2) -> (Double, Double) {
          let v = corners.map { $0.x * along.x + $0.y * along.y }
          return (v.min() ?? 0, v.max() ?? 0)
        }
        // It fits: all corners inside, and one at each side.
        let (u, v) = (extent(Vector2(c, s)), extent(Vector2(-s, c)))
        let center = Vector2(box.center.x * c + box.center.y * s, box.center.y * c - box.center.x * s)
        #expect(abs(u.0 - center.x + box.size.x / 2) < 1e-9 && abs(u.1 - center.x - box.size.x / 2) < 1e-9)
        #expect(abs(v.0 - center.y + box.size.y / 2) < 1e-9 && abs(v.1 - center.y - box.size.y / 2) < 1e-9)
        // No direction of many gives less.
        for k in 0..<720 {
          let (s, c) = StableMath.sincos(Double(k) / 720 * Double.pi / 2)
          let (u, v) = (extent(Vector2(c, s)), extent(Vector2(-s, c)))
          #expect((u.1 - u.0) * (v.1 - v.0) >= box.size.x * box.size.y - 1e-9)
        }
      }
    }
  }

  @Test func partsAndStuffArePartitions() throws {
    let frame = randomFrame(seed: 5, things: 9)
    let a = try annotate(frame, "part", "part_masks", "panoptic", "material", "semantic")
    let part = a.values("part")
    let index = a.rendered.gbuffer.instanceIndex.values
    for (k, i) in index.enumerated() {
      let own = i == GBuffer.nothing ? nil : frame.instances[Int(i)]
      // Category 1 alone declares parts.
      let name = own?.category == 1 ? own?.partNames.first : nil
      #expect(Int(part[k]) == (name == "lid" ? 1 : name == "body" ? 2 : 0))
    }
    for instance in a.record.instances {
      let parts = try #require(instance.values.parts)
      #expect(parts.reduce(0) { $0 + $1.pixels } == (instance.category == 1 ? instance.visiblePixels : 0))
      for p in parts { #expect(p.mask == instance.mask && p.box == instance.box) }
    }
    let segments = try #require(a.record.segments)
    #expect(segments.reduce(0) { $0 + $1.pixels } == a.record.instances.reduce(0) { $0 + $1.visiblePixels })
    #expect(segments.contains { $0.isStuff && $0.id == PanopticPlane.stuff + 2 })
    let materials = try #require(a.record.materials)
    let ids = a.values("material")
    for (k, i) in index.enumerated() where i != GBuffer.nothing {
      #expect(materials[Int(ids[k]) - 1].users.contains { $0.object == frame.instances[Int(i)].name })
    }
  }

  @Test func whiteMattThingsShowTheirShading() throws {
    var frame = randomFrame(seed: 9)
    for k in frame.instances.indices {
      frame.instances[k].materials = [Material(baseColor: Vector3(0.5, 0.25, 1), roughness: 1)]
      frame.instances[k].materials[0].specular = 0
    }
    let a = try annotate(frame, "shading", "albedo", "emission", "roughness", "metallic", "coverage")
    let (light, _) = Rasterizer().renderLinear(frame)
    let (albedo, shading, coverage) = (a.values("albedo"), a.values("shading"), a.values("coverage"))
    var compared = 0
    for y in 1..<frame.height - 1 {
      for x in 1..<frame.width - 1 {
        let k = y * frame.width + x
        // Pixels of one surface: theirs is the centre's shading, and the picture's the mean of few.
        guard a.rendered.gbuffer.instanceIndex.values[k] != GBuffer.nothing, coverage[k] == 1 else { continue }
        let expected = Vector3(
          albedo[3 * k] * shading[3 * k], albedo[3 * k + 1] * shading[3 * k + 1], albedo[3 * k + 2] * shading[3 * k + 2]
        )
        let seen = Vector3(SIMD3<Double>(light[x, y]))
        if (seen - expected).length <= 0.002 { compared += 1 }
        #expect(abs(albedo[3 * k + 1] - 0.25) < 1e-4)
      }
    }
    let whole = coverage.indices.count {
      coverage[$0] == 1 && a.rendered.gbuffer.instanceIndex.values[$0] != GBuffer.nothing
    }
    #expect(Double(compared) > 0.85 * Double(whole), "\(compared) of \(whole)")
  }
}
