/// Numbers with so many decimals that a person would write them.
struct DecimalStep: Equatable, Sendable {
  /// The step is ten to this power.
  var exponent: Int

  /// A step of a thousandth, or another part, of the leading digit's place of `scale`: for 0.3 and 3 digits 0.0001.
  init(of scale: Double, digits: Int) {
    var (e, x) = (0, abs(scale))
    if x > 0, x.isFinite {
      while x >= 10, e < 300 { (e, x) = (e + 1, x / 10) }
      while x < 1, e > -300 { (e, x) = (e - 1, x * 10) }
    }
    exponent = e - digits
  }

  init(exponent: Int) { self.exponent = exponent }

  /// The nearest multiple of the step, as it is written.
  func text(_ x: Double) -> String {
    var scaled = x
    for _ in 0..<abs(exponent) { scaled = exponent < 0 ? scaled * 10 : scaled / 10 }
    guard abs(scaled) < 1e15 else { return "\(x)" }
    let n = Int(scaled.rounded())
    var digits = "\(abs(n))"
    if exponent >= 0 { return (n < 0 ? "-" : "") + digits + (n == 0 ? "" : String(repeating: "0", count: exponent)) }
    let places = -exponent
    if digits.utf8.count <= places { digits = String(repeating: "0", count: places + 1 - digits.utf8.count) + digits }
    var fraction = digits.suffix(places)
    while fraction.last == "0" { fraction.removeLast() }
    let whole = digits.dropLast(places)
    return (n < 0 ? "-" : "") + whole + (fraction.isEmpty ? "" : "." + fraction)
  }

  func rounded(_ x: Double) -> Double { Double(text(x)) ?? x }
}
