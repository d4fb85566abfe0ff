import CLanes
import Geometry
import LaneMath

/// Where the pixels of one tile go while it is shaded, and from there into the picture.
struct TileTarget: ~Copyable {
  /// For each pixel of the tile the sum of linear RGB times weight, and the weight (0 to 1) in w.
  let radiance = UnsafeMutablePointer<SIMD4<Float>>.allocate(capacity: TileGrid.pixels)
  /// z in metres at each pixel's centre, 0 where nothing is seen.
  let depth = UnsafeMutablePointer<Float>.allocate(capacity: TileGrid.pixels)
  /// Where the tile's first pixel goes if the picture is to stay linear: three planes, `linearSize` apart, rows `linearStride`
  /// apart.
  private var linear: UnsafeMutablePointer<Float>?
  private var linearStride = 0
  private var linearSize = 0
  /// A bit for each pixel of each row that is finished.
  private let finished = UnsafeMutablePointer<UInt32>.allocate(capacity: TileGrid.side)
  /// Finished pixels, three bytes each.
  private let codes = UnsafeMutablePointer<UInt8>.allocate(capacity: TileGrid.pixels * 3)
  /// What the sum of a pixel is multiplied by: more than 1 where its centre sees clear glass.
  private let scale = UnsafeMutablePointer<Float>.allocate(capacity: TileGrid.pixels)
  private let curve = ToneCurve.sRGB
  /// What radiance is multiplied by before the tone curve.
  var gain: Float = 1
  /// What is behind everything.
  var background = SceneBackground()

  deinit {
    radiance.deallocate()
    depth.deallocate()
    finished.deallocate()
    codes.deallocate()
    scale.deallocate()
  }

  /// Sets what is common to the frame's tiles.
  mutating func prepare(_ background: SceneBackground, exposure: Double) {
    self.background = background
    gain = Float(StableMath.exp2(exposure))
  }

  /// Sets where the tile lies and forgets the one before.
  mutating func begin(_ tile: TileRectangle, _ picture: PictureTarget) {
    linear = nil
    if case .linear(let planes, let stride, let size) = picture {
      linear = planes + (tile.y * stride + tile.x)
      (linearStride, linearSize) = (stride, size)
    }
    radiance.update(repeating: SIMD4(repeating: 0), count: TileGrid.pixels)
    depth.update(repeating: 0, count: TileGrid.pixels)
    finished.update(repeating: 0, count: TileGrid.side)
    scale.update(repeating: 1, count: TileGrid.pixels)
  }

  /// Finishes eight pixels of one row, from `pixel` on, each of which shows one surface. `scratch` has room for three
  /// vectors.
  @inline(__always)
  func put(_ colour: Lanes3, depth z: Lanes, at pixel: Int, _ scratch: UnsafeMutablePointer<Lanes>) {
    UnsafeMutableRawPointer(depth + pixel).storeBytes(of: z, as: Lanes.self)
    finished[pixel / TileGrid.side] |= 0xff &<< UInt32(truncatingIfNeeded: pixel % TileGrid.side)
    if let linear {
      let out = linear + (pixel / TileGrid.side &* linearStride &+ pixel % TileGrid.side)
      UnsafeMutableRawPointer(out).storeBytes(of: colour.x, as: Lanes.self)
      UnsafeMutableRawPointer(out + linearSize).storeBytes(of: colour.y, as: Lanes.self)
      UnsafeMutableRawPointer(out + 2 &* linearSize).storeBytes(of: colour.z, as: Lanes.self)
      return
    }
    encode(colour, scratch)
    look(up: UnsafeRawPointer(scratch), codes + 3 * pixel)
  }

  /// Leaves the places in the curve's table of eight pixels' red, green and blue: three vectors.
  @inline(__always)
  func encode(_ colour: Lanes3, _ out: UnsafeMutablePointer<Lanes>) {
    if linear != nil { return }
    out[0] = numbers(bits: curve.steps(colour.x * gain))
    out[1] = numbers(bits: curve.steps(colour.y * gain))
    out[2] = numbers(bits: curve.steps(colour.z * gain))
  }

  /// Finishes a pixel by lane `i` of what `encode` left; false where the picture is to stay linear.
  @inline(__always)
  func put(codes steps: UnsafePointer<Lanes>, _ i: Int, at pixel: Int) -> Bool {
    if linear != nil { return false }
    let index = UnsafeRawPointer(steps).assumingMemoryBound(to: Int32.self) + i
    let out = codes + 3 &* pixel
    out[0] = curve.table[Int(index[0])]
    out[1] = curve.table[Int(index[8])]
    out[2] = curve.table[Int(index[16])]
    finished[pixel / TileGrid.side] |= 1 &<< UInt32(truncatingIfNeeded: pixel % TileGrid.side)
    return true
  }

  /// Notes that the centre of a pixel shows glass that hides `share` less than the centre's eighth does. The other seven
  /// samples see what is behind it and are to count for `share` more. Returns what the pixel's sum will be multiplied by,
  /// which does not hold for the glass: its colour is to be divided by it.
  func put(clear share: Float, at pixel: Int) -> Float {
    scale[pixel] = 1 + share * (8 / 7)
    return scale[pixel]
  }

  /// Lane by lane through the curve's table.
  @inline(never)
  private func look(up steps: UnsafeRawPointer, _ out: UnsafeMutablePointer<UInt8>) {
    let index = steps.assumingMemoryBound(to: Int32.self)
    for i in 0..<8 {
      out[3 * i] = curve.table[Int(index[i])]
      out[3 * i + 1] = curve.table[Int(index[8 + i])]
      out[3 * i + 2] = curve.table[Int(index[16 + i])]
    }
  }

  /// Finishes the rest of the tile, and writes it into the picture and the depth plane.
  @inline(__always)
  func finish(
    _ tile: TileRectangle, _ picture: PictureTarget, depth plane: UnsafeMutablePointer<Float>, width: Int
  ) {
    switch picture {
    case .encoded(let rgb, _): finish(tile, rgb: rgb, depth: plane, width: width)
    case .linear(let planes, let stride, let size): finish(tile, planes, stride, size, depth: plane, width: width)
    }
  }

  @inline(never)
  private func finish(
    _ tile: TileRectangle, _ planes: UnsafeMutablePointer<Float>, _ stride: Int, _ size: Int,
    depth plane: UnsafeMutablePointer<Float>, width: Int
  ) {
    let all = UInt32.max &>> UInt32(truncatingIfNeeded: TileGrid.side - tile.width)
    for y in 0..<tile.height {
      var open = all & ~finished[y]
      while open != 0 {
        let k = y * TileGrid.side + open.trailingZeroBitCount
        open &= open &- 1
        let sum = radiance[k]
        let behind = sum.w < 1 ? background.radiance(tile.x &+ k % TileGrid.side, tile.y &+ y) : SIMD4(repeating: 0)
        let colour = (sum + behind * (1 - sum.w)) * scale[k]
        let out = planes + ((tile.y + y) * stride + tile.x + k % TileGrid.side)
        (out[0], out[size], out[2 &* size]) = (colour.x, colour.y, colour.z)
      }
      TileTarget.copy(depth + y * TileGrid.side, to: plane + (tile.y + y) * width + tile.x, count: tile.width)
    }
  }

  @inline(never)
  private func finish(
    _ tile: TileRectangle, rgb: UnsafeMutablePointer<UInt8>, depth plane: UnsafeMutablePointer<Float>, width: Int
  ) {
    let all = UInt32.max &>> UInt32(truncatingIfNeeded: TileGrid.side - tile.width)
    for y in 0..<tile.height {
      var open = all & ~finished[y]
      while open != 0 {
        let k = y * TileGrid.side + open.trailingZeroBitCount
        open &= open &- 1
        let sum = radiance[k]
        let behind = sum.w < 1 ? background.radiance(tile.x &+ k % TileGrid.side, tile.y &+ y) : SIMD4(repeating: 0)
        curve.develop((sum + behind * (1 - sum.w)) * (scale[k] * gain), into: codes + 3 * k)
      }
      let line = (tile.y + y) * width + tile.x
      let (code, z) = (codes + 3 * y * TileGrid.side, depth + y * TileGrid.side)
      if tile.width == TileGrid.side {
        TileTarget.copy(code, to: rgb + 3 * line, bytes: 3 * TileGrid.side)
      } else {
        (rgb + 3 * line).update(from: code, count: 3 * tile.width)
      }
      TileTarget.copy(z, to: plane + line, count: tile.width)
    }
  }

  /// Copies a row of a tile; a whole one in line, for a call would cost more than the copy.
  @inline(__always)
  private static func copy(_ from: UnsafePointer<Float>, to: UnsafeMutablePointer<Float>, count: Int) {
    if count == TileGrid.side {
      copy(from, to: to, bytes: 4 * TileGrid.side)
    } else {
      to.update(from: from, count: count)
    }
  }

  /// Copies a whole number of vectors.
  @inline(__always)
  private static func copy(_ from: UnsafeRawPointer, to: UnsafeMutableRawPointer, bytes: Int) {
    for at in stride(from: 0, to: bytes, by: 32) {
      to.storeBytes(
        of: from.loadUnaligned(fromByteOffset: at, as: SIMD8<UInt32>.self), toByteOffset: at, as: SIMD8<UInt32>.self)
    }
  }
}

/// Where a picture goes.
enum PictureTarget {
  /// 8-bit sRGB, three bytes a pixel, rows of `width` pixels.
  case encoded(UnsafeMutablePointer<UInt8>, width: Int)
  /// Linear light before exposure: three planes of `size` samples, rows `stride` apart.
  case linear(UnsafeMutablePointer<Float>, stride: Int, size: Int)

  func blacken(_ x: Int, _ y: Int) {
    switch self {
    case .encoded(let rgb, let width): (rgb + 3 * (y * width + x)).update(repeating: 0, count: 3)
    case .linear(let planes, let stride, let size): for c in 0..<3 { planes[c * size + y * stride + x] = 0 }
    }
  }
}
