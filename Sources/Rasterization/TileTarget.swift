import CLanes

/// Where the pixels of one tile go while it is shaded, and from there into the picture.
struct TileTarget: ~Copyable {
  /// For each pixel of the tile the sum of linear RGB times weight, and the weight (0 to 1) in w.
  let radiance = UnsafeMutablePointer<SIMD4<Float>>.allocate(capacity: TileGrid.pixels)
  /// z in metres at each pixel's centre, 0 where nothing is seen.
  let depth = UnsafeMutablePointer<Float>.allocate(capacity: TileGrid.pixels)
  /// A bit for each pixel of each row that is finished.
  private let finished = UnsafeMutablePointer<UInt32>.allocate(capacity: TileGrid.side)
  /// Finished pixels, three bytes each.
  private let codes = UnsafeMutablePointer<UInt8>.allocate(capacity: TileGrid.pixels * 3)
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
  }

  func clear() {
    radiance.update(repeating: SIMD4(repeating: 0), count: TileGrid.pixels)
    depth.update(repeating: 0, count: TileGrid.pixels)
    finished.update(repeating: 0, count: TileGrid.side)
  }

  /// Finishes eight pixels of one row, from `pixel` on, each of which shows one surface. `scratch` has room for three
  /// vectors.
  @inline(__always)
  func put(_ colour: Lanes3, depth z: Lanes, at pixel: Int, _ scratch: UnsafeMutablePointer<Lanes>) {
    scratch[0] = numbers(bits: curve.steps(colour.x * gain))
    scratch[1] = numbers(bits: curve.steps(colour.y * gain))
    scratch[2] = numbers(bits: curve.steps(colour.z * gain))
    UnsafeMutableRawPointer(depth + pixel).storeBytes(of: z, as: Lanes.self)
    finished[pixel / TileGrid.side] |= 0xff &<< UInt32(truncatingIfNeeded: pixel % TileGrid.side)
    encode(UnsafeRawPointer(scratch), codes + 3 * pixel)
  }

  /// Lane by lane through the curve's table.
  @inline(never)
  private func encode(_ steps: UnsafeRawPointer, _ out: UnsafeMutablePointer<UInt8>) {
    let index = steps.assumingMemoryBound(to: Int32.self)
    for i in 0..<8 {
      out[3 * i] = curve.table[Int(index[i])]
      out[3 * i + 1] = curve.table[Int(index[8 + i])]
      out[3 * i + 2] = curve.table[Int(index[16 + i])]
    }
  }

  /// Finishes the rest of the tile, and writes it into the picture (three bytes a pixel) and the depth plane.
  @inline(never)
  func finish(
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
        curve.develop((sum + behind * (1 - sum.w)) * gain, into: codes + 3 * k)
      }
      let line = (tile.y + y) * width + tile.x
      (rgb + 3 * line).update(from: codes + 3 * y * TileGrid.side, count: 3 * tile.width)
      (plane + line).update(from: depth + y * TileGrid.side, count: tile.width)
    }
  }
}
