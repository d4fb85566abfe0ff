import Testing

@testable import Rasterization

/// The fill rule, sample by sample.
struct CoverageTests {
  private let tile = TileRectangle(x: 32, y: 64, width: 32, height: 32)

  /// How often each sample of the tile is covered when each triangle is drawn alone.
  private func counts(_ triangles: [(SIMD2<Int32>, SIMD2<Int32>, SIMD2<Int32>)]) -> [Int] {
    let samples = SampleTile()
    var counts = [Int](repeating: 0, count: tile.width * tile.height * 8)
    for t in triangles {
      guard let p = Primitive.snapped(t.0, t.1, t.2) else { continue }
      for (k, isCovered) in samples.coverage(p, tile).enumerated() where isCovered { counts[k] += 1 }
    }
    return counts
  }

  /// A grid of quadrilaterals over more than the tile, its inner corners moved at random (a third of them onto samples),
  /// each cut along either diagonal: no sample is missed or covered twice.
  @Test(arguments: [0.29, 0.8, 1.7, 5.3, 37.0])
  func gridCoversEverySampleOnce(spacing: Double) {
    for seed in UInt64(0)..<3 {
      var random = Randoms(seed: seed)
      let n = Int((36 / spacing).rounded(.up)) + 1
      var points: [SIMD2<Int32>] = []
      for j in 0...n {
        for i in 0...n {
          // The tile with two pixels on each side; moved by less than a quarter of the spacing nothing folds over.
          let wobble = i == 0 || j == 0 || i == n || j == n ? 0 : spacing * 0.24
          var x = Int32(((30 + Double(i) * spacing + random.real(-wobble...wobble)) * 256).rounded())
          var y = Int32(((62 + Double(j) * spacing + random.real(-wobble...wobble)) * 256).rounded())
          if spacing > 1.5, wobble > 0, random.integer(0...2) == 0 {
            let s = random.integer(0...7)
            x = x & ~255 + 128 + SamplePattern.x[s] * 16
            y = y & ~255 + 128 + SamplePattern.y[s] * 16
          }
          points.append(SIMD2(x, y))
        }
      }
      var triangles: [(SIMD2<Int32>, SIMD2<Int32>, SIMD2<Int32>)] = []
      for j in 0..<n {
        for i in 0..<n {
          let a = points[j * (n + 1) + i]
          let b = points[j * (n + 1) + i + 1]
          let c = points[(j + 1) * (n + 1) + i + 1]
          let d = points[(j + 1) * (n + 1) + i]
          // The diagonal that lies inside; either where both do.
          func area(_ p: SIMD2<Int32>, _ q: SIMD2<Int32>, _ r: SIMD2<Int32>) -> Int32 {
            let (u, v) = (q &- p, r &- p)
            return u.x &* v.y &- v.x &* u.y
          }
          let first = area(a, b, c) > 0 && area(a, c, d) > 0
          let second = area(a, b, d) > 0 && area(b, c, d) > 0
          if first && (!second || random.integer(0...1) == 0) {
            triangles += [(a, b, c), (a, c, d)]
          } else {
            triangles += [(a, b, d), (d, b, c)]
          }
        }
      }
      let wrong = counts(triangles).filter { $0 != 1 }.count
      #expect(wrong == 0, "spacing \(spacing), seed \(seed)")
    }
  }

  /// A fan around a point, which may be a sample, with its rim far outside the tile.
  @Test func fanCoversEverySampleOnce() {
    for seed in UInt64(0)..<20 {
      var random = Randoms(seed: seed)
      let s = random.integer(0...7)
      let centre =
        seed % 2 == 0
        ? SIMD2(48 * 256 + 128 + SamplePattern.x[s] * 16, 80 * 256 + 128 + SamplePattern.y[s] * 16)
        : SIMD2(Int32(random.integer(34 * 256...60 * 256)), Int32(random.integer(66 * 256...90 * 256)))
      // The rim is a square walked once around, at any stops, its corners among them.
      let far: Int32 = seed % 3 == 0 ? 60 * 256 : 9000 * 256
      var rim: [SIMD2<Int32>] = []
      for side in 0..<4 {
        var stops = (0..<random.integer(1...9)).map { _ in Int32(random.real(-1...1) * Double(far)) }
        stops.append(-far)
        for stop in Set(stops).sorted() {
          switch side {
          case 0: rim.append(centre &+ SIMD2(stop, -far))
          case 1: rim.append(centre &+ SIMD2(far, stop))
          case 2: rim.append(centre &+ SIMD2(-stop, far))
          default: rim.append(centre &+ SIMD2(-far, -stop))
          }
        }
      }
      let triangles = rim.indices.map { (centre, rim[$0], rim[($0 + 1) % rim.count]) }
      #expect(counts(triangles).allSatisfy { $0 == 1 }, "seed \(seed)")
    }
  }

  /// Rectangles whose sides pass through pixel centres: the top and left sides own theirs, the bottom and right do not.
  @Test func rectangleOwnsItsTopAndLeft() {
    let (left, top, right, bottom): (Int32, Int32, Int32, Int32) = (40, 70, 47, 77)
    func at(_ x: Int32, _ y: Int32) -> SIMD2<Int32> { SIMD2(x * 256 + 128, y * 256 + 128) }
    let (a, b, c, d) = (at(left, top), at(right, top), at(right, bottom), at(left, bottom))
    for triangles in [[(a, b, c), (a, c, d)], [(a, b, d), (b, c, d)], [(c, b, a), (c, d, a)]] {
      let counts = counts(triangles)
      for y in 0..<tile.height {
        for x in 0..<tile.width {
          let isInside =
            (Int(left)..<Int(right)).contains(tile.x + x) && (Int(top)..<Int(bottom)).contains(tile.y + y)
          #expect(counts[(y * tile.width + x) * 8] == (isInside ? 1 : 0), "(\(tile.x + x), \(tile.y + y))")
        }
      }
    }
  }

  /// Triangles of all sizes against the rule in exact integers.
  @Test func everySampleFollowsTheRule() {
    let samples = SampleTile()
    let places = tile.samplePlaces
    var random = Randoms(seed: 5)
    for k in 0..<600 {
      // From a quarter of a pixel to the whole guard band; some level or upright sides, some corners on samples.
      let size = [64.0, 300, 2000, 20000, 200_000, 4_000_000][k % 6]
      func point() -> SIMD2<Int32> {
        let x = 48 * 256 + random.real(-size...size)
        let y = 80 * 256 + random.real(-size...size)
        return SIMD2(Int32(x.rounded()), Int32(y.rounded()))
      }
      var (a, b, c) = (point(), point(), point())
      switch k / 6 % 5 {
      case 0: b.y = a.y
      case 1: c.x = a.x
      case 2: a = SIMD2(48 * 256 + 128, 80 * 256 + 128)
      case 3: (b.y, c.x) = (a.y, a.x)
      default: break
      }
      guard let p = Primitive.snapped(a, b, c) else { continue }
      let covered = samples.coverage(p, tile)
      let wrong = places.indices.count { covered[$0] != p.owns(x: places[$0].x, y: places[$0].y) }
      #expect(wrong == 0, "triangle \(k): \(a), \(b), \(c)")
    }
  }

  /// The edge functions of small primitives are those of `Edge`, to the bit, up to the largest extent and a pixel around.
  @Test func smallEdgesAreEdges() throws {
    var random = Randoms(seed: 8)
    for k in 0..<400 {
      let extent = [3, 700, 9000, Int(FixedPoint.smallExtent)][k % 4]
      let origin = SIMD2(Int32(random.integer(-20_000...200_000)), Int32(random.integer(-20_000...200_000)))
      func coordinate() -> Int32 {
        // Often an end of the range: the extremes, and level and upright sides.
        [0, Int32(extent), Int32(random.integer(0...extent))][random.integer(0...2)]
      }
      func point() -> SIMD2<Int32> { origin &+ SIMD2(coordinate(), coordinate()) }
      guard let p = Primitive.snapped(point(), point(), point()) else { continue }
      #expect(p.isSmall)
      let (x, y) = (origin.x &+ coordinate() &+ 128, origin.y &+ coordinate() &- 128)
      let small = SmallEdges(p, x, y)
      for (i, edge) in [p.edges.0, p.edges.1, p.edges.2].enumerated() {
        let word = SIMD8<Int32>(repeating: small.pairs[i])
        let toSamples = SmallEdges.toSamples(word)
        for s in 0..<8 {
          let there = edge.value(x: x &+ 16 &* SamplePattern.x[s], y: y &+ 16 &* SamplePattern.y[s])
          #expect(Int64(small.centre[i] &+ toSamples[s]) == there, "triangle \(k), side \(i), sample \(s)")
        }
        #expect(small.right[i] == edge.a &* 256 && small.down[i] == edge.b &* 256)
      }
    }
  }

  /// What fits Int32 may also be drawn in Int64: the same samples, and depths within rounding.
  @Test func smallAndLargePathsAgree() {
    let first = SampleTile()
    let second = SampleTile()
    var random = Randoms(seed: 9)
    for _ in 0..<200 {
      func point() -> SIMD2<Int32> {
        SIMD2(Int32(random.integer(20 * 256...76 * 256)), Int32(random.integer(52 * 256...108 * 256)))
      }
      let z = (Float(random.real(0.1...2)), Float(random.real(0.1...2)), Float(random.real(0.1...2)))
      guard let p = Primitive.snapped(point(), point(), point(), inverseZ: z), p.isSmall else { continue }
      first.clear()
      first.draw(alone: p, tile)
      second.clear()
      second.drawLarge(p, 7, tile, tile.x, tile.x + tile.width - 1, tile.y, tile.y + tile.height - 1)
      #expect(first.covered(tile) == second.covered(tile))
      var largest: Float = 0
      for k in 0..<TileGrid.pixels {
        for s in 0..<8 { largest = max(largest, abs(first.inverseZ[k][s] - second.inverseZ[k][s])) }
      }
      // A few roundings of products of a gradient and up to 56 pixels.
      let steepness = abs(p.inverseZdx) + abs(p.inverseZdy)
      #expect(largest <= 4 * 0x1p-24 * (2 + 56 * steepness))
    }
  }

  /// A tile more or less, or one that begins elsewhere, changes no sample.
  @Test func tilingDoesNotMatter() {
    let one = SampleTile()
    let other = SampleTile()
    let shifted = TileRectangle(x: 41, y: 57, width: 32, height: 32)
    var random = Randoms(seed: 11)
    for k in 0..<200 {
      let reach = k % 2 == 0 ? 40 * 256 : 4000 * 256
      func point() -> SIMD2<Int32> {
        SIMD2(
          Int32(48 * 256 + random.integer(-reach...reach)), Int32(80 * 256 + random.integer(-reach...reach)))
      }
      guard let p = Primitive.snapped(point(), point(), point()) else { continue }
      one.clear()
      one.draw(alone: p, tile)
      other.clear()
      other.draw(alone: p, shifted)
      for y in max(tile.y, shifted.y)..<min(tile.y + 32, shifted.y + 32) {
        for x in max(tile.x, shifted.x)..<min(tile.x + 32, shifted.x + 32) {
          let a = one.primitive[(y - tile.y) * TileGrid.side + x - tile.x]
          let b = other.primitive[(y - shifted.y) * TileGrid.side + x - shifted.x]
          #expect(a == b, "triangle \(k) at (\(x), \(y))")
        }
      }
    }
  }

  /// A tile's base is what drawing its primitive first leaves, to the bit.
  @Test func baseIsWhatDrawingLeaves() throws {
    let drawn = SampleTile()
    let based = SampleTile()
    var random = Randoms(seed: 12)
    var count = 0
    while count < 50 {
      func point(_ x: Int, _ y: Int) -> SIMD2<Int32> {
        SIMD2(Int32(x * 256 + random.integer(-60_000...60_000)), Int32(y * 256 + random.integer(-60_000...60_000)))
      }
      let z = (Float(random.real(0.1...2)), Float(random.real(0.1...2)), Float(random.real(0.1...2)))
      guard let p = Primitive.snapped(point(-900, -700), point(1500, -600), point(200, 1900), inverseZ: z) else {
        continue
      }
      let base = try #require(withUnsafePointer(to: p) { TileBase($0, number: 7, tile) })
      drawn.clear()
      drawn.draw(alone: p, tile)
      based.clear(base)
      let range = try #require(base.range)
      for k in 0..<TileGrid.pixels {
        #expect(drawn.primitive[k] == based.primitive[k] && drawn.inverseZ[k] == based.inverseZ[k])
        for s in 0..<8 {
          #expect(based.inverseZ[k][s] >= range.lowerBound.nextDown && based.inverseZ[k][s] <= range.upperBound.nextUp)
        }
      }
      count += 1
    }
  }
}
