/// Eight bytes of a text as one word, the first in its lowest byte: what most of a record is made of, digits and masks, is
/// looked at eight bytes a step.
///
/// The tests for bytes are those of Mycroft (comp.arch, 1987) and of "Bit Twiddling Hacks" (S. E. Anderson): a subtraction
/// borrows into the top bit of exactly those bytes that are small, up to the first that is; so the first hit is sure, and
/// the first is all that is asked for.
struct ByteBlock {
  let word: UInt64

  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let tops: UInt64 = 0x8080_8080_8080_8080

  /// Nil where fewer than eight bytes are left.
  @inline(__always) init?(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) {
    guard bytes.count - offset >= 8, let start = bytes.baseAddress else { return nil }
    word = UInt64(littleEndian: UnsafeRawPointer(start).loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// How many bytes come before the first quote, backslash or control character; 8 where there is none.
  @inline(__always) var plainTextPrefix: Int {
    let quote = word ^ (Self.ones &* UInt64(UInt8(ascii: "\"")))
    let backslash = word ^ (Self.ones &* UInt64(UInt8(ascii: "\\")))
    let control = (word &- Self.ones &* 0x20) & ~word
    let hits = (((quote &- Self.ones) & ~quote) | ((backslash &- Self.ones) & ~backslash) | control) & Self.tops
    return hits.trailingZeroBitCount >> 3
  }

  /// Whether all eight are decimal digits: their high halves are 3, and stay so when 6 is added.
  @inline(__always) var holdsDigits: Bool {
    let high: UInt64 = 0xF0F0_F0F0_F0F0_F0F0
    return word & high == Self.ones &* 0x30 && (word &+ Self.ones &* 0x06) & high == Self.ones &* 0x30
  }

  /// How many of eight digits are zeros before the first that is not.
  @inline(__always) var leadingZeros: Int { (word ^ (Self.ones &* 0x30)).trailingZeroBitCount >> 3 }

  /// The number that eight digits make: pairs of digits, then of pairs, then of fours are put together in place, each step
  /// by one product that adds ten, a hundred or ten thousand times a lane to the lane above it.
  @inline(__always) var decimal: UInt64 {
    var v = word & (Self.ones &* 0x0F)
    v = ((v &* (10 << 8 + 1)) >> 8) & 0x00FF_00FF_00FF_00FF
    v = ((v &* (100 << 16 + 1)) >> 16) & 0x0000_FFFF_0000_FFFF
    return (v &* (10_000 << 32 + 1)) >> 32
  }
}
