import Testing

@testable import Documents

@Suite struct JSONTests {
  static func read<R>(
    _ text: String, _ body: (inout JSONReader) throws(JSONError) -> R
  ) throws(JSONError) -> R {
    try Array(text.utf8).withUnsafeBufferPointer { bytes throws(JSONError) in
      var r = JSONReader(bytes)
      let v = try body(&r)
      try r.end()
      return v
    }
  }

  static func written(_ x: Double) -> String {
    var w = JSONWriter()
    w.number(x)
    return String(decoding: w.bytes, as: UTF8.self)
  }

  @Test func numbersRoundTripToTheBit() throws {
    var random = TestRandom(3)
    var values: [Double] = [
      0, -0.0, 1, -1, 0.1, 1e15, 1e16, 1e22, 1e23, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .pi, 1 / 3,
    ]
    for _ in 0..<5000 { values.append(Double(bitPattern: random.next())) }
    for _ in 0..<5000 { values.append((random.unit() - 0.5) * 100) }
    for v in values where v.isFinite {
      let back = try Self.read(Self.written(v)) { r throws(JSONError) in try r.number() }
      #expect(back.bitPattern == v.bitPattern, "\(v)")
    }
  }

  /// Decimals of all lengths, also those just beside the middle between two doubles, become the nearest double, as strtod
  /// finds it with all digits.
  @Test func decimalsBecomeTheNearestDouble() throws {
    var random = TestRandom(4)
    for k in 0..<20_000 {
      let digits = 1 + Int(random.next() % 20)
      var text = String(random.next()).prefix(digits)
      if k % 4 == 0 {
        // 2^53 + 1, 2^53 + 3, ... lie in the middle; so do their products with powers of ten that are no multiple of more.
        text = "\(1 << 53 + 2 * (random.next() % 1000) + 1)"
      }
      let exponent = Int(random.next() % 160) - 80
      let written = (k % 2 == 0 ? "-" : "") + text + (k % 3 == 0 ? "" : "e\(exponent)")
      let read = try Self.read(written) { r throws(JSONError) in try r.number() }
      #expect(read.bitPattern == Double(written)?.bitPattern, "\(written)")
    }
  }

  @Test func numbersAreShort() {
    #expect(Self.written(3) == "3")
    #expect(Self.written(-0.0) == "-0")
    #expect(Self.written(0.1) == "0.1")
    #expect(Self.written(123_456_789_012_345) == "123456789012345")
    #expect(Self.written(.nan) == "null")
  }

  @Test func integersRoundTrip() throws {
    for v in [0, 1, -1, 9, 10, 99_999, 999_999_999_999_999_999, -999_999_999_999_999_999] {
      var w = JSONWriter()
      w.integer(v)
      #expect(try Self.read(String(decoding: w.bytes, as: UTF8.self)) { r throws(JSONError) in try r.integer() } == v)
    }
    var w = JSONWriter()
    w.integer(Int64.min)
    w.newline()
    w.integer(UInt64.max)
    #expect(String(decoding: w.bytes, as: UTF8.self) == "-9223372036854775808\n18446744073709551615")
  }

  @Test func textsRoundTrip() throws {
    for s in ["", "plain", "a\"b\\c/", "tab\tnl\ncr\r\u{1}\u{1f}\u{7f}", "Käse 🧀 \u{2028}", "\\u0041"] {
      var w = JSONWriter()
      w.string(s)
      let text = String(decoding: w.bytes, as: UTF8.self)
      #expect(try Self.read(text) { r throws(JSONError) in try r.string() } == s)
    }
    #expect(try Self.read(#""\u00e4\ud83e\uddc0\/\b""#) { r throws(JSONError) in try r.string() } == "ä🧀/\u{8}")
  }

  /// An escape at every place of texts of every length around the eight bytes that are looked at at a time.
  @Test func escapesAreFoundEverywhere() throws {
    for length in 1...34 {
      for place in 0..<length {
        for special: UInt8 in [0x22, 0x5C, 0x0A, 0x1F, 0x00] {
          // 0x7F and above are plain; bytes after the hit must not matter.
          var text = (0..<length).map { $0 % 5 == 0 ? 0x7F : UInt8(0x30 + $0) }
          text[place] = special
          if place + 3 < length { text[place + 3] = special }
          var w = JSONWriter()
          text.withUnsafeBufferPointer { w.string($0) }
          let escaped = w.bytes.dropFirst().dropLast()
          #expect(escaped.allSatisfy { $0 >= 0x20 } && escaped.count > length)
          let back = try w.bytes.withUnsafeBufferPointer { b throws(JSONError) in
            var r = JSONReader(b)
            let back = try r.stringBytes()
            try r.end()
            return back
          }
          #expect(back == text)
        }
      }
    }
  }

  @Test(arguments: [
    "", "{", "[1,]", "[,1]", "{\"a\"}", "{\"a\":1,}", "{a:1}", "[1 2]", "01", "-", "1.", ".5", "1e", "+1", "nul",
    "\"\\x\"", "\"\\ud800\"", "\"open", "\"\n\"", "[1]]", "// c\n1", "\"\\u12g4\"", "Infinity", "'a'",
  ])
  func refuses(text: String) {
    #expect(throws: JSONError.self) { try Self.read(text) { r throws(JSONError) in try r.skipValue() } }
  }

  @Test func refusesInvalidUTF8() {
    let bytes: [UInt8] = [0x22, 0xC3, 0x28, 0x22]
    #expect(throws: JSONError.self) {
      try bytes.withUnsafeBufferPointer { b throws(JSONError) in
        var r = JSONReader(b)
        return try r.string()
      }
    }
  }

  @Test func depthIsBounded() throws {
    let limit = JSONReader.depthLimit
    let nested = { (n: Int) in String(repeating: "[", count: n) + String(repeating: "]", count: n) }
    try Self.read(nested(limit)) { r throws(JSONError) in try r.skipValue() }
    #expect(throws: JSONError.self) { try Self.read(nested(limit + 1)) { r throws(JSONError) in try r.skipValue() } }
    #expect(throws: JSONError.self) {
      try Self.read(String(repeating: "[", count: 1_000_000)) { r throws(JSONError) in try r.skipValue() }
    }
  }

  @Test func errorsSayWhere() {
    do {
      try Self.read("{\n \"a\": [1,\n  x]}") { r throws(JSONError) in try r.skipValue() }
      Issue.record("no error")
    } catch {
      #expect(error == JSONError(line: 3, column: 3, found: "\"x]}\"", expected: "a number"))
    }
  }

  @Test func skipsAnythingValid() throws {
    let text = #" { "a" : [ 1 , -2.5e+3 , true , false , null , "x\n" , { } , [ ] ] , "b" : { "c" : [ [ ] ] } } "#
    try Self.read(text) { r throws(JSONError) in try r.skipValue() }
  }
}
