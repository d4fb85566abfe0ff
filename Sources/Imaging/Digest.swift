import CDigestShims

/// A 128-bit XXH3 digest of decoded pixels, of canonical label values or of an asset's bytes. Digests find change; they
/// are no defence against an adversary. Integers are digested in little-endian byte order.
public struct Digest: Hashable, Sendable, CustomStringConvertible {
  public let high: UInt64
  public let low: UInt64

  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  public init(of bytes: UnsafeRawBufferPointer, seed: UInt64 = 0) {
    let d = diorama_xxh3_128(bytes.baseAddress, bytes.count, seed)
    self.init(high: d.high, low: d.low)
  }

  public init(of bytes: [UInt8], seed: UInt64 = 0) { self = bytes.withUnsafeBytes { Digest(of: $0, seed: seed) } }

  public init(of string: String) {
    var copy = string
    self = copy.withUTF8 { Digest(of: UnsafeRawBufferPointer($0)) }
  }

  /// The digest of the values of `plane` as they lie in memory on a little-endian machine.
  public init<T: FixedWidthInteger>(of plane: Plane<T>) {
    #if _endian(little)
      self = plane.values.withUnsafeBytes { Digest(of: $0) }
    #else
      self = plane.values.map(\.littleEndian).withUnsafeBytes { Digest(of: $0) }
    #endif
  }

  /// 32 lower-case hexadecimal digits.
  public var description: String {
    func hex(_ v: UInt64) -> String {
      let s = String(v, radix: 16)
      return String(repeating: "0", count: 16 - s.count) + s
    }
    return hex(high) + hex(low)
  }

  /// Reads what `description` writes; nil for anything else.
  public init?(hexadecimal s: String) {
    guard s.utf8.count == 32 else { return nil }
    var (high, low): (UInt64, UInt64) = (0, 0)
    for c in s.utf8 {
      let digit: UInt8
      switch c {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = c - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = c - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = c - UInt8(ascii: "A") + 10
      default: return nil
      }
      high = high << 4 | low >> 60
      low = low << 4 | UInt64(digit)
    }
    self.init(high: high, low: low)
  }
}
