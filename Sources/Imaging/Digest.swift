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
    guard s.utf8.count == 32, let h = UInt64(s.prefix(16), radix: 16), let l = UInt64(s.suffix(16), radix: 16) else {
      return nil
    }
    self.init(high: h, low: l)
  }
}
