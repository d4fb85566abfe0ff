import Geometry
import Imaging
import Stage

// What an instance would own of all that a lens can show, beyond the image too.
//
// A lens that bends the picture maps directions to places of the same picture plane beyond the image's edges, up to where its
// polynomial folds or its field of view ends. The part of that plane that the instance may touch is drawn as up to four
// pictures beside the image, with the principal point moved by whole pixels, so that their pixels continue the image's. The
// part is a box around the projected corners of the instance's own, and is widened until no pixel touches its border.

extension AmodalRegion.Unbounded {
  fileprivate static let endless = AmodalRegion.Unbounded(pixels: nil, isEndless: true, bounds: nil)
  fileprivate static let uncounted = AmodalRegion.Unbounded(pixels: nil, isEndless: false, bounds: nil)
  fileprivate static let nowhere = AmodalRegion.Unbounded(pixels: 0, isEndless: false, bounds: nil)
}

/// First column and row, then one more than the last.
private typealias PixelBounds = SIMD4<Int>

extension Rasterizer {
  /// No part that takes more pixels than this is looked at: what a lens takes to place them is a second or two.
  private static let largestExtent = 1 << 21

  /// The pixels of an instance on all of the picture plane of a lens that bends.
  ///
  /// - Parameter inside: those in the image.
  func lensExtent(_ instance: Instance, of frame: Frame, inside: AmodalRegion) -> AmodalRegion.Unbounded {
    let image = PixelBounds(0, 0, frame.width, frame.height)
    guard let start = touched(instance, frame) else {
      if case .fisheye = frame.camera.projection { return .uncounted }
      return isBehind(instance, frame) ? .nowhere : .endless
    }
    var margin = 4 + max(start.z - start.x, start.w - start.y) / 16
    while true {
      let part = PixelBounds(start.x - margin, start.y - margin, start.z + margin, start.w + margin)
      guard (part.z - part.x) * (part.w - part.y) <= Rasterizer.largestExtent else { return .uncounted }
      var (pixels, bounds) = (inside.pixels, inside.mask.bounds)
      for beside in Rasterizer.outside(part, of: image) { count(instance, frame, beside, &pixels, &bounds) }
      guard let found = bounds else { return .nowhere }
      if found.x > part.x, found.y > part.y, found.z < part.z, found.w < part.w {
        return AmodalRegion.Unbounded(pixels: pixels, isEndless: false, bounds: found)
      }
      // All that the lens shows lies inside.
      if let whole = circle(frame.camera), part.x <= whole.x, part.y <= whole.y, part.z >= whole.z, part.w >= whole.w {
        return AmodalRegion.Unbounded(pixels: pixels, isEndless: false, bounds: found)
      }
      margin *= 4
    }
  }

  /// A box around the picture of the instance, nearly; nil where a corner of its own box has none.
  private func touched(_ instance: Instance, _ frame: Frame) -> PixelBounds? {
    var (x0, x1, y0, y1) = (Double.infinity, -Double.infinity, Double.infinity, -Double.infinity)
    let toCamera = frame.camera.worldToCamera * instance.objectToWorld
    for corner in instance.mesh.corners(under: toCamera) {
      guard let p = frame.camera.project(corner) else { return circle(frame.camera) }
      (x0, x1, y0, y1) = (min(x0, p.x), max(x1, p.x), min(y0, p.y), max(y1, p.y))
    }
    guard x0 > -32768, y0 > -32768, x1 < 65536, y1 < 65536 else { return nil }
    return PixelBounds(Int(x0.rounded(.down)), Int(y0.rounded(.down)), Int(x1.rounded(.up)), Int(y1.rounded(.up)))
  }

  /// What a fisheye shows at all; nil for other lenses.
  private func circle(_ camera: Camera) -> PixelBounds? {
    guard case .fisheye(let lens) = camera.projection, let r = lens.radius(ofAngle: lens.maximumAngle) else {
      return nil
    }
    let (rx, ry) = (r * camera.fx + 1, r * camera.fy + 1)
    guard max(rx, ry) < 32768, max(abs(camera.cx), abs(camera.cy)) < 32768 else { return nil }
    return PixelBounds(
      Int((camera.cx - rx).rounded(.down)), Int((camera.cy - ry).rounded(.down)), Int((camera.cx + rx).rounded(.up)),
      Int((camera.cy + ry).rounded(.up)))
  }

  /// Whether all of it is nearer than the near plane, or behind it.
  private func isBehind(_ instance: Instance, _ frame: Frame) -> Bool {
    let toCamera = frame.camera.worldToCamera * instance.objectToWorld
    return instance.mesh.corners(under: toCamera).allSatisfy { $0.z < frame.camera.near }
  }

  /// What of a rectangle lies outside another: rows above and below in full width, the rest at the sides.
  private static func outside(_ part: PixelBounds, of image: PixelBounds) -> [PixelBounds] {
    let (top, bottom) = (min(max(part.y, image.y), part.w), max(min(part.w, image.w), part.y))
    guard top < bottom, part.x < image.z, part.z > image.x else { return [part] }
    return [
      PixelBounds(part.x, part.y, part.z, top), PixelBounds(part.x, bottom, part.z, part.w),
      PixelBounds(part.x, top, min(image.x, part.z), bottom), PixelBounds(max(image.z, part.x), top, part.z, bottom),
    ].filter { $0.x < $0.z && $0.y < $0.w }
  }

  /// Draws the instance alone in a picture beside the image, and adds its pixels.
  private func count(
    _ instance: Instance, _ frame: Frame, _ beside: PixelBounds, _ pixels: inout Int, _ bounds: inout PixelBounds?
  ) {
    var own = frame
    own.instances = [instance]
    (own.width, own.height) = (beside.z - beside.x, beside.w - beside.y)
    own.camera.cx -= Double(beside.x)
    own.camera.cy -= Double(beside.y)
    let seen = beyond.labels(of: own).instanceIndex
    for y in 0..<own.height {
      for x in 0..<own.width where seen.values[y * own.width + x] != GBuffer.nothing {
        pixels += 1
        let (x, y) = (x + beside.x, y + beside.y)
        let old = bounds ?? PixelBounds(x, y, x + 1, y + 1)
        bounds = PixelBounds(min(old.x, x), min(old.y, y), max(old.z, x + 1), max(old.w, y + 1))
      }
    }
  }
}
