import Imaging
import Testing

@Suite struct DigestTests {
  /// The published value of XXH3's 128-bit hash of nothing with seed 0.
  @Test func nothing() { #expect(Digest(of: [UInt8]()).description == "99aa06d3014798d86001c324468d497f") }

  /// As a C program over the same library prints it.
  @Test func something() { #expect(Digest(of: "Diorama").description == "3457cc21d3c6f6fa5786ccb0b317f7c5") }

  @Test func hexadecimalComesBack() throws {
    let d = Digest(high: 1, low: 0xAB)
    #expect(d.description == "000000000000000100000000000000ab")
    #expect(Digest(hexadecimal: d.description) == d)
    for bad in ["", "0", "g0000000000000010000000000000000", "000000000000000100000000000000ab0"] {
      #expect(Digest(hexadecimal: bad) == nil)
    }
  }

  @Test func bytesStringsAndPlanesAgree() {
    #expect(Digest(of: "ab") == Digest(of: [97, 98]))
    #expect(Digest(of: Plane<UInt16>(width: 1, height: 2, values: [0x0201, 0x0403])) == Digest(of: [1, 2, 3, 4]))
    #expect(Digest(of: [1, 2], seed: 1) != Digest(of: [1, 2]))
  }
}
