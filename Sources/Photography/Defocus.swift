import CLanes
import Imaging
import LaneMath
import Stage

/// Depth of field by gathering: a pixel is made of those around it whose own disc of confusion reaches it, each weighted by
/// one over the area of its disc, since a disc spreads the same light over more pixels.
///
/// What lies in front of the pixel covers it by the sum of those weights, as a veil does; the rest is the mean of what
/// lies beside and behind it. What lies behind counts with the smaller of both discs: so nothing blurred behind bleeds over
/// something sharp in front, while something blurred in front spreads over what is sharp behind. What would shine through
/// a blurred edge from behind it is not in the picture; there the neighbours stand in.
///
/// A disc up to `exact` pixels in radius is gathered from all pixels that it may hold; of larger ones the middle is, and
/// the ring around it at places spread evenly by golden angles (Vogel 1979), each for its share of the area. Squares of 32
/// pixels around which everything is sharp are copied.
struct Defocus {
  private let lens: LensEffects.Defocus
  private let f: Double

  /// A disc of this radius is as large as it gets; pixels.
  static let largest: Float = 48
  private static let exact: Float = 4.5
  private static let middle: Float = 2.5
  private static let most = 80
  private static let block = 32
  /// A disc that reaches no neighbour's middle.
  private static let sharpRadius: Float = 0.5

  init(_ lens: LensEffects.Defocus, f: Double) {
    self.lens = lens
    self.f = f
  }

  /// The radius of a pixel's disc.
  func radius(_ z: Float) -> Float {
    let d = lens.circleOfConfusion(at: z > 0 ? Double(z) : .infinity, f: f)
    return min(max(Float(d) / 2, Defocus.sharpRadius), Defocus.largest)
  }

  func apply(_ light: LinearImage, _ depth: Plane<Float>, into out: inout LinearImage) {
    let (width, height) = (light.width, light.height)
    // Discs and depths with a margin that the widest gather may look into; there the light is that of the edge.
    let margin = Int(Defocus.largest) + 8
    let padded = Padded(light, depth, margin: margin) { radius($0) }
    let reach = padded.reach(block: Defocus.block)
    let columns = (width + Defocus.block - 1) / Defocus.block
    out.write { to in
      for by in Swift.stride(from: 0, to: height, by: Defocus.block) {
        for bx in Swift.stride(from: 0, to: width, by: Defocus.block) {
          let r = reach[by / Defocus.block * columns + bx / Defocus.block]
          let offsets = r <= 0.51 ? [] : Defocus.offsets(r)
          for y in by..<min(by + Defocus.block, height) {
            for x in Swift.stride(from: bx, to: min(bx + Defocus.block, width), by: 8) {
              padded.gather(x, y, offsets, to + (y * light.stride + x), plane: light.planeSize)
            }
          }
        }
      }
    }
  }

  /// A place to look at, and the pixels that it stands for.
  private struct Offset {
    var x: Int
    var y: Int
    var area: Float
    /// From the pixel.
    var distance: Float

    init(_ x: Int, _ y: Int, area: Float) {
      (self.x, self.y, self.area) = (x, y, area)
      distance = Float(x * x + y * y).squareRoot()
    }
  }

  /// Where to look within a radius.
  private static func offsets(_ radius: Float) -> [Offset] {
    var list: [Offset] = []
    let inner = radius <= exact ? radius + 0.5 : middle
    let whole = Int(inner.rounded(.up))
    for y in -whole...whole {
      for x in -whole...whole where Float(x * x + y * y) <= inner * inner { list.append(Offset(x, y, area: 1)) }
    }
    guard radius > exact else { return list }
    // The golden angle, turned step by step: (cos, sin) of 137.50776 degrees.
    var direction = SIMD2<Float>(1, 0)
    let turn = SIMD2<Float>(-0.737_368_88, 0.675_490_3)
    let outer = (radius + 0.5) * (radius + 0.5)
    let area = Float.pi * (outer - inner * inner) / Float(most)
    for k in 0..<most {
      direction = SIMD2(
        direction.x * turn.x - direction.y * turn.y, direction.x * turn.y + direction.y * turn.x)
      let r = (inner * inner + (Float(k) + 0.5) / Float(most) * (outer - inner * inner)).squareRoot()
      list.append(Offset(Int((direction.x * r).rounded()), Int((direction.y * r).rounded()), area: area))
    }
    return list
  }

  /// The light, depth and radius of every pixel with a margin around.
  private struct Padded {
    let width: Int
    let height: Int
    let margin: Int
    let stride: Int
    /// Five planes: red, green, blue, nearness (1/m), radius.
    var values: [Float]
    let plane: Int

    init(_ light: LinearImage, _ depth: Plane<Float>, margin: Int, _ radius: (Float) -> Float) {
      (width, height, self.margin) = (light.width, light.height, margin)
      stride = light.stride + 2 * margin
      plane = stride * (height + 2 * margin)
      values = [Float](repeating: 0, count: 5 * plane)
      // Radii are a function of depth; neighbours often share it.
      var (last, lastRadius): (Float, Float) = (-1, 0)
      for y in 0..<height + 2 * margin {
        let sy = min(max(y - margin, 0), height - 1)
        for x in 0..<stride {
          let sx = min(max(x - margin, 0), width - 1)
          let k = y * stride + x
          let from = sy * light.stride + sx
          for c in 0..<3 { values[c * plane + k] = light.samples[c * light.planeSize + from] }
          let z = depth.values[sy * width + sx]
          if z != last { (last, lastRadius) = (z, radius(z)) }
          values[3 * plane + k] = z > 0 ? 1 / z : 0
          values[4 * plane + k] = lastRadius
        }
      }
    }

    /// For each block the largest radius of a disc that may touch it.
    func reach(block: Int) -> [Float] {
      let (columns, rows) = ((width + block - 1) / block, (height + block - 1) / block)
      var own = [Float](repeating: 0, count: columns * rows)
      for y in 0..<height {
        for x in 0..<width {
          let b = y / block * columns + x / block
          own[b] = max(own[b], values[4 * plane + (y + margin) * stride + x + margin])
        }
      }
      // A disc is at most `largest` pixels in radius, which is less than two blocks.
      var all = own
      for by in 0..<rows {
        for bx in 0..<columns {
          for ny in max(by - 2, 0)...min(by + 2, rows - 1) {
            for nx in max(bx - 2, 0)...min(bx + 2, columns - 1) {
              let gap = Float(max(max(abs(nx - bx), abs(ny - by)) - 1, 0) * block)
              let r = own[ny * columns + nx]
              if r > gap { all[by * columns + bx] = max(all[by * columns + bx], r) }
            }
          }
        }
      }
      return all
    }

    /// Eight pixels of a row.
    @inline(__always)
    func gather(_ x: Int, _ y: Int, _ offsets: [Offset], _ out: UnsafeMutablePointer<Float>, plane outPlane: Int) {
      values.withUnsafeBufferPointer { v in
        guard let base = v.baseAddress else { return }
        let p = base + ((y + margin) * stride + x + margin)
        guard !offsets.isEmpty else {
          for c in 0..<3 { store(load(p + c * plane), out + c * outPlane) }
          return
        }
        let (own, nearness) = (load(p + 4 * plane), load(p + 3 * plane))
        // A hundredth nearer or farther is neither before nor behind: a slanted surface is one surface.
        let (before, behind) = (nearness * 1.01, nearness * 0.99)
        var (r, g, b, sum) = (lanes(0), lanes(0), lanes(0), lanes(0))
        var (veilR, veilG, veilB, veil) = (lanes(0), lanes(0), lanes(0), lanes(0))
        for o in offsets {
          let q = p + (o.y * stride + o.x)
          let theirs = load(q + 3 * plane)
          let disc = load(q + 4 * plane)
          let radius = select(isLess(theirs, behind), minimum(disc, own), disc)
          // The disc's edge runs through the pixel: a share of it.
          let covered = minimum(maximum(radius + (0.5 - o.distance), lanes(0)), lanes(1))
          let weight = covered * o.area / maximum(radius * radius, lanes(1 / Float.pi))
          let front = numbers(bits: bits(weight) & isLess(before, theirs))
          let rest = weight - front
          let (red, green, blue) = (load(q), load(q + plane), load(q + 2 * plane))
          r = r + red * rest
          g = g + green * rest
          b = b + blue * rest
          sum = sum + rest
          veilR = veilR + red * front
          veilG = veilG + green * front
          veilB = veilB + blue * front
          veil = veil + front
        }
        // Weights are per squared radius; a full disc of them is pi.
        let cover = minimum(veil * (1 / Float.pi), lanes(1))
        let (one, two) = ((lanes(1) - cover) / sum, cover / maximum(veil, lanes(1e-20)))
        store(r * one + veilR * two, out)
        store(g * one + veilG * two, out + outPlane)
        store(b * one + veilB * two, out + 2 * outPlane)
      }
    }
  }
}
