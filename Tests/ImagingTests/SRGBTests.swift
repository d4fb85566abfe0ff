import Glibc
import Imaging
import Testing

@Suite struct SRGBTests {
  @Test func everyCodeComesBack() {
    for code in UInt8.min...UInt8.max { #expect(SRGB.sRGB8(fromLinear: SRGB.linear(fromSRGB8: code)) == code) }
    for code in stride(from: 0, through: 65535, by: 7) {
      #expect(SRGB.sRGB16(fromLinear: SRGB.linear(fromSRGB16: UInt16(code))) == UInt16(code))
    }
  }

  @Test func agreesWithTheFormula() {
    for i in 0...5000 {
      let x = Double(i) / 5000
      let linear = x <= 0.04045 ? x / 12.92 : pow((x + 0.055) / 1.055, 2.4)
      #expect(abs(SRGB.linear(x) - linear) < 1e-15)
      #expect(abs(SRGB.encoded(SRGB.linear(x)) - x) < 1e-7)  // the standard's two pieces meet to 7 digits only
    }
    #expect(SRGB.linear(1) == 1 && SRGB.linear(0) == 0)
    #expect(SRGB.linear(-0.5) == -SRGB.linear(0.5) && SRGB.encoded(-0.5) == -SRGB.encoded(0.5))
  }

  @Test func codesAreTheNearest() {
    for i in 0...200_000 {
      let x = Double(i) / 200_000
      let code = Double(SRGB.sRGB8(fromLinear: x))
      // A half code, and the seam of the standard's two pieces.
      if abs(SRGB.encoded(x) * 255 - code) > 0.5 + 1e-4 { Issue.record("\(x) became \(code)") }
    }
    #expect(SRGB.sRGB8(fromLinear: -1) == 0)
    #expect(SRGB.sRGB8(fromLinear: .nan) == 0)
    #expect(SRGB.sRGB8(fromLinear: Double(1).nextDown) == 255)
    #expect(SRGB.sRGB8(fromLinear: .infinity) == 255)
  }

  @Test func tablesAgree() {
    for c in 0...255 {
      #expect(SRGB.linear16OfCode8[c] == SRGB.linear16OfCode16[c * 257])
      #expect(abs(Double(SRGB.linear16OfCode8[c]) / 65535 - SRGB.linear(fromSRGB8: UInt8(c))) <= 0.5001 / 65535)
    }
  }

  @Test func coloursAsText() {
    #expect(SRGB.codes(hexadecimal: "#ff8000") == SIMD3(255, 128, 0))
    #expect(SRGB.codes(hexadecimal: "#F80") == SIMD3(255, 136, 0))
    #expect(SRGB.linear(hexadecimal: "#ffffff") == SIMD3(1, 1, 1))
    for bad in ["", "#", "ff8000", "#ff800", "#ff80000", "#gg0000", "#ff 800", "#\u{e9}00"] {
      #expect(SRGB.codes(hexadecimal: bad) == nil, "\(bad)")
    }
  }
}
