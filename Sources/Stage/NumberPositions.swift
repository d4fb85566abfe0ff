import Geometry

/// Numbers the distinct ones of `count` positions in order of their first appearance; -0 is 0. Takes linear time.
///
/// - Returns: the number of each position, and for each number the index of the first position that has it.
@inline(__always)
package func numberPositions(count: Int, _ position: (Int) -> Vector3f) -> (number: [UInt32], first: [UInt32]) {
  // Open addressing in a table of at least twice as many slots; a slot holds the number of a position.
  let empty = UInt32.max
  var bits = 4
  while 1 << bits < 2 * count { bits += 1 }
  let mask = 1 << bits - 1
  var slots = [UInt32](repeating: empty, count: 1 << bits)
  var number = [UInt32](repeating: 0, count: count)
  var first: [UInt32] = []
  for i in 0..<count {
    let p = position(i) + 0  // -0 becomes 0
    // Products of the bits by odd constants (fractions of square roots of primes), of which the upper half mixes best.
    var h = UInt64(p.x.bitPattern) &* 0x6A09_E667_F3BC_C909
    h = (h ^ h >> 32 ^ UInt64(p.y.bitPattern)) &* 0xBB67_AE85_84CA_A73B
    h = (h ^ h >> 32 ^ UInt64(p.z.bitPattern)) &* 0x3C6E_F372_FE94_F82B
    var slot = Int(truncatingIfNeeded: h >> 32) & mask
    while true {
      let other = slots[slot]
      if other == empty {
        slots[slot] = UInt32(truncatingIfNeeded: first.count)
        number[i] = UInt32(truncatingIfNeeded: first.count)
        first.append(UInt32(truncatingIfNeeded: i))
        break
      }
      if position(Int(first[Int(other)])) == p {
        number[i] = other
        break
      }
      slot = (slot + 1) & mask
    }
  }
  return (number, first)
}
