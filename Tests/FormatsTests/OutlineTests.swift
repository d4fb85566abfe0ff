import Annotators
import Imaging
import Testing

@testable import Formats

@Suite struct OutlineTests {
  /// A mask of rows of characters; "#" is inside.
  static func mask(_ rows: [String]) -> RunLengthMask {
    let lines = rows.map { Array($0.utf8) }
    return mask(width: lines[0].count, height: lines.count) { lines[$1][$0] == UInt8(ascii: "#") }
  }

  static func mask(width: Int, height: Int, _ isInside: (Int, Int) -> Bool) -> RunLengthMask {
    var counts: [UInt32] = [0]
    var state = false
    for x in 0..<width {
      for y in 0..<height {
        if isInside(x, y) != state {
          state.toggle()
          counts.append(0)
        }
        counts[counts.count - 1] += 1
      }
    }
    return RunLengthMask(width: width, height: height, counts: counts)
  }

  /// The pixels whose centres a polygon goes round, by the even-odd rule: the textbook's scan, not the tracer's sums.
  static func filled(_ polygons: [[LatticePoint]], width: Int, height: Int) -> [Bool] {
    var inside = [Bool](repeating: false, count: width * height)
    for p in polygons {
      for i in p.indices {
        let (a, b) = (p[i], p[(i + 1) % p.count])
        guard a.x == b.x || a.y != b.y else { continue }
        // Where the edge crosses a row's centres, all pixels to the right change sides.
        for y in min(Int(a.y), Int(b.y))..<max(Int(a.y), Int(b.y)) {
          let t = (Double(y) + 0.5 - Double(a.y)) / Double(b.y - a.y)
          let x = Double(a.x) + t * Double(b.x - a.x)
          for k in 0..<width where Double(k) + 0.5 > x { inside[y * width + k].toggle() }
        }
      }
    }
    return inside
  }

  static func pixels(_ m: RunLengthMask) -> [Bool] { m.plane.values.map { $0 == 1 } }

  @Test func aSquareHasFourCorners() {
    let o = MaskOutlines(Self.mask(["....", ".##.", ".##.", "...."]))
    let corners = [LatticePoint(1, 1), LatticePoint(3, 1), LatticePoint(3, 3), LatticePoint(1, 3)]
    #expect(o.rings == [OutlineRing(corners: corners, isHole: false)])
  }

  @Test func holesRunTheOtherWay() {
    let o = MaskOutlines(Self.mask(["#####", "#...#", "#.#.#", "#...#", "#####"]))
    #expect(o.rings.map(\.isHole) == [false, true, false])
    #expect(o.rings.map(\.area) == [25, 9, 1])
    #expect(o.rings.map { signedArea($0.corners) } == [25, -9, 1])
    #expect(signedArea(o.bridged) == 17)
    let largest = o.largest
    #expect(largest?.ring == o.rings[0] && largest?.iou == 17.0 / 25)
  }

  /// Pixels that touch at a corner are two parts; a hole that touches the outside at one belongs to it.
  @Test func cornersDoNotConnect() {
    for rows in [["#.", ".#"], [".#", "#."]] {
      let o = MaskOutlines(Self.mask(rows))
      #expect(o.rings.map(\.isHole) == [false, false] && o.rings.map(\.area) == [1, 1])
      #expect(o.largest?.iou == 0.5)
    }
    let open = MaskOutlines(Self.mask([".###", "#.##", "####", "####"]))
    #expect(open.rings.map(\.isHole) == [false])
  }

  @Test func nothingHasNoOutline() {
    let o = MaskOutlines(Self.mask(["..", ".."]))
    #expect(o.rings.isEmpty && o.bridged.isEmpty && o.largest == nil)
  }

  /// Random masks of every density, touching all borders: outlines, bridges and areas give back the mask.
  @Test func outlinesAreTheMask() {
    var state: UInt64 = 1
    func random() -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33)
    }
    for trial in 0..<400 {
      let (width, height) = (1 + random() % 12, 1 + random() % 12)
      let share = 1 + random() % 9
      let m = Self.mask(width: width, height: height) { _, _ in random() % 10 < share }
      let o = MaskOutlines(m)
      let truth = Self.pixels(m)
      #expect(Self.filled(o.rings.map(\.corners), width: width, height: height) == truth, "mask \(trial)")
      let one = o.bridged
      #expect(Self.filled(one.isEmpty ? [] : [one], width: width, height: height) == truth, "mask \(trial)")
      #expect(o.rings.reduce(0) { $0 + signedArea($1.corners) } == m.area && signedArea(one) == m.area)
      for r in o.rings {
        #expect(r.isHole == (signedArea(r.corners) < 0))
        for i in r.corners.indices {
          let (a, b, c) = (r.corners[i], r.corners[(i + 1) % r.corners.count], r.corners[(i + 2) % r.corners.count])
          #expect((a.x == b.x) != (a.y == b.y) && (a.x == b.x) != (b.x == c.x), "every corner turns")
        }
      }
      guard let largest = o.largest else { continue }
      let solid = Self.filled([largest.ring.corners], width: width, height: height)
      let both = zip(solid, truth).count { $0 && $1 }
      let any = zip(solid, truth).count { $0 || $1 }
      #expect(largest.iou == Double(both) / Double(any), "mask \(trial)")
    }
  }
}
