/// A number with so many decimals, rounded half away from zero, without an exponent or a negative zero. The same text on every
/// machine, where C's printf goes by its locale.
///
/// - Parameter places: 1 to 9. |x| is below 1e9.
func decimal(_ x: Double, _ places: Int) -> String {
  var unit = 1
  for _ in 0..<places { unit *= 10 }
  let n = Int((x.magnitude * Double(unit)).rounded())
  let rest = String(n % unit)
  let zeros = String(repeating: "0", count: places - rest.utf8.count)
  return "\(x < 0 && n > 0 ? "-" : "")\(n / unit).\(zeros)\(rest)"
}
