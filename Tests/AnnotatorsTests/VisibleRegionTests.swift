import Imaging
import Rasterization
import Testing

@testable import Annotators

@Suite struct VisibleRegionTests {
  /// Sizes around the width of a comparison, and planes of one row or column.
  static let sizes = [(1, 1), (1, 9), (9, 1), (7, 5), (8, 8), (16, 3), (31, 17), (64, 48)]

  @Test(arguments: sizes, [0, 1, 3, 20])
  func regionsAgreeWithPixels(size: (Int, Int), count: Int) throws {
    let scanner = VisibleRegionScanner()
    for seed in 0..<8 {
      let plane = randomIndexPlane(width: size.0, height: size.1, count: count, seed: UInt64(seed))
      let regions = try scanner.regions(of: plane, instanceCount: count)
      #expect(regions.count == count)
      var owned = 0
      for (k, region) in regions.enumerated() {
        let pixels = plane.values.indices.filter { plane.values[$0] == UInt32(k) }
        #expect(region.pixels == pixels.count, "seed \(seed)")
        #expect(region.mask.area == pixels.count)
        owned += region.pixels
        let mask = region.mask.plane
        #expect(mask.values.indices.filter { mask.values[$0] == 1 } == pixels)
        #expect(region.box == region.mask.box)
        if let box = region.box {
          let xs = pixels.map { $0 % size.0 }
          let ys = pixels.map { $0 / size.0 }
          #expect(box.x == xs.min() && box.x + box.width - 1 == xs.max())
          #expect(box.y == ys.min() && box.y + box.height - 1 == ys.max())
        } else {
          #expect(pixels.isEmpty)
        }
        #expect(region.mask.counts.dropFirst().allSatisfy { $0 > 0 }, "only the first run may be empty")
      }
      // Visible masks partition the image.
      #expect(owned + plane.values.count { $0 == GBuffer.nothing } == size.0 * size.1)
    }
  }

  @Test func hiddenInstanceHasNoBoxAndOneRun() throws {
    let plane = Plane<UInt32>(width: 5, height: 4, repeating: 0)
    let regions = try VisibleRegionScanner().regions(of: plane, instanceCount: 2)
    #expect(regions[0].mask.counts == [0, 20])
    #expect(regions[0].box == PixelBox(x: 0, y: 0, width: 5, height: 4))
    #expect(regions[1] == VisibleRegion(pixels: 0, box: nil, mask: RunLengthMask(width: 5, height: 4, counts: [20])))
  }

  @Test func firstPixelIsABoxOfOne() throws {
    var plane = Plane<UInt32>(width: 3, height: 3, repeating: GBuffer.nothing)
    plane[0, 0] = 0
    let region = try VisibleRegionScanner().regions(of: plane, instanceCount: 1)[0]
    #expect(region.box == PixelBox(x: 0, y: 0, width: 1, height: 1))
    #expect(region.mask.counts == [0, 1, 8])
  }

  @Test func pixelOfNoInstanceIsAnError() {
    var plane = Plane<UInt32>(width: 4, height: 4, repeating: 0)
    plane[2, 3] = 9
    #expect(throws: LabelError.unknownInstance(9, x: 2, y: 3)) {
      try VisibleRegionScanner().regions(of: plane, instanceCount: 1)
    }
  }
}

@Suite struct RunLengthMaskTests {
  @Test func compressedFormRoundTrips() throws {
    for seed in 0..<200 {
      var random = TestRandom(UInt64(seed))
      let (w, h) = (1 + random.below(70), 1 + random.below(70))
      var counts: [UInt32] = [UInt32(random.below(2) * random.below(w * h + 1))]
      while counts.reduce(0, +) < UInt32(w * h) {
        let left = w * h - Int(counts.reduce(0, +))
        counts.append(UInt32(1 + random.below(min(left, 1 + random.below(left)))))
      }
      let mask = RunLengthMask(width: w, height: h, counts: counts)
      #expect(RunLengthMask(mask.compressed, width: w, height: h) == mask, "seed \(seed)")
    }
  }

  /// Worked out by hand from the definition: 6 is "6"; 1 "1"; 40 = 8 + 32*1 is "X1"; then 4 - 1 = 3.
  @Test func compressedFormIsCocos() {
    let mask = RunLengthMask(width: 3, height: 17, counts: [6, 1, 40, 4])
    #expect(String(decoding: mask.compressed.bytes, as: UTF8.self) == "61X13")
  }

  @Test(arguments: ["", "6", "61X1", "61X13P", "61X1~", "\u{1f}"])
  func malformedIsRefused(text: String) {
    #expect(RunLengthMask(CompressedMask(bytes: Array(text.utf8)), width: 3, height: 17) == nil)
  }
}
