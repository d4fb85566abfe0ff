// Decimal numbers from bytes, correctly rounded and in no locale.

/// Powers of ten that a Double holds exactly.
private let exactPowers: [Double] = [
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21, 1e22,
]

/// The number that the whole of `word` spells: digits with an optional point, sign and exponent, or `nan` or `inf` in
/// any case; nil for anything else.
///
/// A number of up to 15 digits with an exponent within 22 is one exact integer times or over one exact power, so a
/// single rounding gives the nearest Double (Clinger 1990, "How to read floating point numbers accurately", section 2);
/// others go to the standard library, which rounds correctly too.
func parseNumber(_ word: UnsafeBufferPointer<UInt8>) -> Double? {
  var i = 0
  let n = word.count
  let isNegative = n > 0 && word[0] == UInt8(ascii: "-")
  if n > 0, isNegative || word[0] == UInt8(ascii: "+") { i = 1 }
  var mantissa: UInt64 = 0
  var digits = 0  // significant ones
  var seen = 0
  var exponent = 0
  while i < n, word[i] &- 48 < 10 {
    if digits < 18 { mantissa = mantissa * 10 + UInt64(word[i] &- 48) }
    if mantissa > 0 { digits += 1 }
    seen += 1
    i += 1
  }
  if i < n, word[i] == UInt8(ascii: ".") {
    i += 1
    while i < n, word[i] &- 48 < 10 {
      if digits < 18 { mantissa = mantissa * 10 + UInt64(word[i] &- 48) }
      if mantissa > 0 { digits += 1 }
      seen += 1
      exponent -= 1
      i += 1
    }
  }
  guard seen > 0 else { return parseSpecial(word.dropFirst(i), isNegative: isNegative) }
  if i < n, word[i] | 32 == UInt8(ascii: "e") {
    i += 1
    let isDown = i < n && word[i] == UInt8(ascii: "-")
    if i < n, isDown || word[i] == UInt8(ascii: "+") { i += 1 }
    guard i < n else { return nil }
    var e = 0
    while i < n, word[i] &- 48 < 10 {
      e = min(e * 10 + Int(word[i] &- 48), 1_000_000)
      i += 1
    }
    exponent += isDown ? -e : e
  }
  guard i == n else { return nil }
  if digits <= 15, exponent >= -22, exponent <= 22 {
    let m = Double(mantissa)
    let value = exponent < 0 ? m / exactPowers[-exponent] : m * exactPowers[exponent]
    return isNegative ? -value : value
  }
  // The standard library takes no point without digits around it.
  var spelled = String(decoding: word, as: UTF8.self)
  if let point = spelled.firstIndex(of: ".") {
    let after = spelled.index(after: point)
    if after == spelled.endIndex || !spelled[after].isNumber { spelled.insert("0", at: after) }
    if point == spelled.startIndex || !spelled[spelled.index(before: point)].isNumber {
      spelled.insert("0", at: point)
    }
  }
  return Double(spelled)
}

private func parseSpecial(_ word: Slice<UnsafeBufferPointer<UInt8>>, isNegative: Bool) -> Double? {
  switch String(decoding: word.prefix(9), as: UTF8.self).lowercased() {
  case "nan": .nan
  case "inf", "infinity": isNegative ? -.infinity : .infinity
  default: nil
  }
}

/// The whole number that the digits from `i` on spell, with an optional sign; moves `i` behind them. Nil where there is
/// no digit or the number has more than 18.
@inline(__always) func parseInteger(_ word: UnsafeBufferPointer<UInt8>, from i: inout Int) -> Int? {
  let isNegative = i < word.count && word[i] == UInt8(ascii: "-")
  if i < word.count, isNegative || word[i] == UInt8(ascii: "+") { i += 1 }
  let first = i
  var value = 0
  while i < word.count, word[i] &- 48 < 10 {
    guard i - first < 18 else { return nil }
    value = value * 10 + Int(word[i] &- 48)
    i += 1
  }
  guard i > first else { return nil }
  return isNegative ? -value : value
}
