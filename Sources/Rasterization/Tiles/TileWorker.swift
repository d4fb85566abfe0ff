import CLanes
import Geometry
import LaneMath
import Stage

/// What one thread needs to draw and shade tiles. It serves one tile at a time.
final class TileWorker {
  let samples = SampleTile()
  /// The samples of lenses that bend the picture.
  var warped = WarpedTile()
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
    fragments.grow(to: count + TileGrid.pixels * 8 + 16, keeping: count)
    let first = count
    defer { count += 8 }
    // What comes first is seen where depths are equal, so only the first can be the base.
    let base = TileBase(primitives + Int(entries[0]), number: entries[0], tile)
    if entries.count == 1, let base {
      fill(entries[0], primitives + Int(entries[0]), tile, labels)
      return (first..<count, base.range)
    }
    samples.begin(base ?? TileBase())
    for i in (base == nil ? 0 : 1)..<entries.count {
      // The next but three: about as long ahead as memory takes.
      lanes_prefetch(primitives + Int(entries[min(i &+ 4, entries.count &- 1)]))
      samples.draw(primitives + Int(entries[i]), number: entries[i], tile)
    }
    let range: ClosedRange<Float>?
    (count, range) = samples.resolve(primitives, tile, into: fragments, from: first, labels)
    return (first..<count, range)
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
}
