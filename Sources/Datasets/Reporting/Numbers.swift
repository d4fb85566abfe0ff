// Numbers for people.

import Geometry

/// A number in so many significant digits, without zeros at its end: "0.0312", "12.5", "1300".
func readable(_ x: Double, digits: Int = 3) -> String {
  guard x.isFinite else { return x.isNaN ? "none" : x > 0 ? "infinite" : "-infinite" }
  guard x != 0 else { return "0" }
  var size = abs(x)
  var places = digits - 1
  while size >= 10 {
    size /= 10
    places -= 1
  }
  while size < 1, places < 12 {
    size *= 10
    places += 1
  }
  guard abs(x) < 1e15 else { return "\(x)" }
  guard places > 0 else { return "\(Int(x.rounded()))" }
  var scale = 1
  for _ in 0..<min(places, 9) { scale *= 10 }
  let n = Int((abs(x) * Double(scale)).rounded())
  guard n > 0 else { return "\(x)" }
  var fraction = String(n % scale)
  fraction = String(repeating: "0", count: min(places, 9) - fraction.count) + fraction
  while fraction.hasSuffix("0") { fraction.removeLast() }
  return (x < 0 ? "-" : "") + "\(n / scale)" + (fraction.isEmpty ? "" : "." + fraction)
}

/// A share as a percentage.
func percent(_ share: Double) -> String {
  let x = share * 100
  return (x > 0 && x < 0.1 ? "under 0.1" : readable((x * 10).rounded() / 10)) + " %"
}

/// "10 000": digits in groups of three, with thin spaces, so that it does not break.
func grouped(_ n: Int) -> String {
  let digits = String(abs(n))
  var out = ""
  for (i, c) in digits.enumerated() {
    if i > 0, (digits.count - i) % 3 == 0 { out += "\u{202F}" }
    out.append(c)
  }
  return (n < 0 ? "-" : "") + out
}

/// How evenly counts are spread: Shannon's entropy over its greatest value, log2 of their number; from 0 (all in one) to 1 (all
/// alike). One class alone is 1, none at all is 0.
func normalizedEntropy(_ counts: [Int]) -> Double {
  let sum = counts.reduce(0, +)
  guard sum > 0 else { return 0 }
  guard counts.count > 1 else { return 1 }
  var bits = 0.0
  for n in counts where n > 0 {
    let p = Double(n) / Double(sum)
    bits -= p * StableMath.log2(p)
  }
  return min(max(bits / StableMath.log2(Double(counts.count)), 0), 1)
}
