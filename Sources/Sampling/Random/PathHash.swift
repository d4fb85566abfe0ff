import Imaging

/// The place of a parameter in its document as 64 bits: the hash of the names on the way to it.
///
/// Members count by key, list elements by their `id` where they have one and else by position, so that adding or moving
/// a parameter leaves the hashes of all others as they were. Two of n parameters collide with probability n^2 / 2^65.
struct PathHash: Hashable, Sendable {
  var bits: UInt64

  static let root = PathHash(bits: 0x6469_6F72_616D_6121)

  func child(_ name: String) -> PathHash { child(Digest(of: name).low) }

  /// Elements of a list that carry no `id`, and the copies of a population.
  func element(_ index: Int) -> PathHash { child(UInt64(truncatingIfNeeded: index) &* 2 &+ 1) }

  /// The place as the dice of one attempt see it; attempt 0 is the place itself.
  func attempt(_ number: Int) -> PathHash {
    number == 0 ? self : child(0x6174_7465_6D70_7400 &+ UInt64(truncatingIfNeeded: number))
  }

  /// The place `relative` within the place `self`.
  func within(_ relative: PathHash) -> PathHash { child(relative.bits) }

  private func child(_ name: UInt64) -> PathHash {
    PathHash(bits: PathHash.mixed(bits &* 0x9E37_79B9_7F4A_7C15 &+ PathHash.mixed(name)))
  }

  /// The finalizer of SplitMix64 (Steele et al. 2014): a bijection in which every output bit hangs on every input bit.
  static func mixed(_ x: UInt64) -> UInt64 {
    var z = x &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
