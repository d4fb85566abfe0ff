// Which part of a split a frame belongs to.
//
// A frame's key is digested, and the digest decides: it is a point on [0, 1), on which the parts lie one after another with
// lengths as their weights. Nothing else enters, so a frame stays in its part when the set grows, and whatever has the same
// key (frames of a sequence, frames with the same background) lies in the same part. The weights then hold over keys, not
// exactly over frames: with few keys the parts may be far from their shares.

import Imaging

/// Parts with weights, and a salt that gives another split of the same shares.
public struct SplitRule: Sendable, Equatable {
  public struct Part: Sendable, Equatable {
    /// Letters, digits, "-" and "_": it becomes part of file names.
    public var name: String
    /// At least 1.
    public var weight: Int

    public init(name: String, weight: Int) {
      self.name = name
      self.weight = weight
    }
  }

  public let parts: [Part]
  public let salt: String
  private let total: UInt64

  /// Nil unless there are one to 64 parts with names of their own and weights from 1 to 1,000,000.
  public init?(parts: [Part], salt: String = "") {
    func isPlain(_ s: String) -> Bool {
      !s.isEmpty && s.utf8.count <= 64
        && s.unicodeScalars.allSatisfy {
          $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "-" || $0 == "_")
        }
    }
    guard (1...64).contains(parts.count), Set(parts.map(\.name)).count == parts.count,
      parts.allSatisfy({ isPlain($0.name) && (1...1_000_000).contains($0.weight) })
    else { return nil }
    self.parts = parts
    self.salt = salt
    total = UInt64(parts.reduce(0) { $0 + $1.weight })
  }

  /// The index of the part of everything that has this key.
  public func part(of key: String) -> Int {
    let point = Digest(of: "diorama split\n\(salt)\n\(key)").high.multipliedFullWidth(by: total).high
    var end: UInt64 = 0
    for (i, p) in parts.enumerated() {
      end += UInt64(p.weight)
      if point < end { return i }
    }
    return parts.count - 1
  }
}
