import CLanes
import Geometry
import Stage

/// What one thread needs to draw and shade tiles. It serves one tile at a time.
final class TileWorker {
  let samples = SampleTile()
  /// The samples of lenses that bend the picture; made when one comes.
  lazy var warped = WarpedTile()
  var fragments = FragmentList()
  /// Fragments so far in this frame.
  var count = 0
  var target = TileTarget()
  let shading = ShadingScratch()
}

/// What drawing a tile leaves for shading it.
struct DrawnTile {
  /// The worker whose list holds the tile's fragments, and their place in it; behind them is room for seven more.
  var worker = 0
  var fragments = 0..<0
  /// Range of inverse depth over the tile's samples; nil where nothing is seen.
  var range: ClosedRange<Float>?
}

/// Where the labels of a frame are written: the planes of a `GBuffer`, of `width` values a row.
struct LabelTargets {
  let instance: UnsafeMutablePointer<UInt32>
  let triangle: UnsafeMutablePointer<UInt32>
  let depth: UnsafeMutablePointer<Float>
  let width: Int
}

extension TileWorker {
  /// Rasterizes one tile, lists its fragments, and notes what the pixels' centres see.
  func draw(
    _ entries: UnsafeBufferPointer<UInt32>, of primitives: UnsafePointer<Primitive>, _ tile: TileRectangle,
    into labels: LabelTargets
  ) -> (fragments: Range<Int>, range: ClosedRange<Float>?) {
    if entries.isEmpty {
      for y in 0..<tile.height {
        let line = (tile.y + y) * labels.width + tile.x
        (labels.instance + line).update(repeating: GBuffer.nothing, count: tile.width)
        (labels.triangle + line).update(repeating: 0, count: tile.width)
      }
      return (count..<count, nil)
    }
    // Room for the most a tile can have, and for the copies that fill the last batch.
    fragments.grow(to: count + TileGrid.pixels * 8 + 8, keeping: count)
    let first = count
    defer { count += 8 }
    if entries.count == 1, let whole = TileWorker.wholeTile(primitives + Int(entries[0]), tile) {
      fill(entries[0], primitives + Int(entries[0]), tile, labels)
      return (first..<count, whole)
    }
    samples.clear()
    for number in entries { samples.draw(primitives + Int(number), number: number, tile) }
    count = samples.resolve(primitives, tile, into: fragments, from: first)
    return (first..<count, note(tile, primitives, labels))
  }

  /// The range of inverse depth over the tile where the primitive covers all of its samples, else nil.
  private static func wholeTile(_ p: UnsafePointer<Primitive>, _ tile: TileRectangle) -> ClosedRange<Float>? {
    guard !p.pointee.isSmall, SampleTile.cover(p.pointee.edges, tile) == .all else { return nil }
    var (low, high) = (Float.infinity, -Float.infinity)
    for (x, y) in tile.corners {
      let dx = Double(x) - Double(p.pointee.x0) / 256
      let dy = Double(y) - Double(p.pointee.y0) / 256
      let z = Float(
        Double(p.pointee.inverseZ) + Double(p.pointee.inverseZdx) * dx + Double(p.pointee.inverseZdy) * dy)
      let clamped = min(max(z, p.pointee.inverseZMin), p.pointee.inverseZMax)
      (low, high) = (min(low, clamped), max(high, clamped))
    }
    return low...high
  }

  /// A tile that shows one primitive and nothing else needs no samples.
  private func fill(_ number: UInt32, _ p: UnsafePointer<Primitive>, _ tile: TileRectangle, _ labels: LabelTargets) {
    let whole = FragmentPlace.word(pixel: 0, weight: 8, sample: 0)
    for y in 0..<tile.height {
      let line = (tile.y + y) * labels.width + tile.x
      (labels.instance + line).update(repeating: p.pointee.instance, count: tile.width)
      (labels.triangle + line).update(repeating: p.pointee.triangle, count: tile.width)
      (fragments.primitives.base + count).update(repeating: number, count: tile.width)
      let places = fragments.places.base + count
      let pixel = whole | UInt32(truncatingIfNeeded: y * TileGrid.side)
      for x in 0..<tile.width { places[x] = pixel | UInt32(truncatingIfNeeded: x) }
      count += tile.width
    }
  }

  /// Copies the centre samples' instance and triangle to the labels. Returns the range of inverse depth over all samples.
  private func note(_ tile: TileRectangle, _ primitives: UnsafePointer<Primitive>, _ labels: LabelTargets)
    -> ClosedRange<Float>?
  {
    var low = lanes(.infinity)
    var high = lanes(0)
    let ids = UnsafeRawPointer(samples.primitive).assumingMemoryBound(to: Int32.self)
    var last = SampleTile.empty
    var (instance, triangle): (UInt32, UInt32) = (GBuffer.nothing, 0)
    for y in 0..<tile.height {
      let line = (tile.y + y) * labels.width + tile.x
      for x in 0..<tile.width {
        let k = y * TileGrid.side + x
        let nearness = samples.inverseZ[k]
        low = minimum(low, select(isLess(lanes(0), nearness), nearness, low))
        high = maximum(high, nearness)
        let id = ids[8 * k]
        if id != last {
          last = id
          let isEmpty = id == SampleTile.empty
          instance = isEmpty ? GBuffer.nothing : primitives[Int(id)].instance
          triangle = isEmpty ? 0 : primitives[Int(id)].triangle
        }
        labels.instance[line + x] = instance
        labels.triangle[line + x] = triangle
      }
    }
    var (nearest, farthest): (Float, Float) = (0, .infinity)
    for i in 0..<8 { (nearest, farthest) = (max(nearest, high[i]), min(farthest, low[i])) }
    return nearest > 0 ? farthest...nearest : nil
  }
}
