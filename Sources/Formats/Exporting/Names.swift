import Documents

/// Numbers in file names: six digits, or more where they need more.
package func sixDigits(_ n: Int) -> String { padded(n, 6) }

/// A number with zeros before it, of so many digits or more.
func padded(_ n: Int, _ digits: Int) -> String {
  let s = String(n)
  return String(repeating: "0", count: max(0, digits - s.utf8.count)) + s
}

/// "found the format "yol", expected one of ...; did you mean "yolo"?"
func unknownName(_ what: String, _ name: String, among known: [String]) -> FormatError {
  let hint = nearestName(to: name, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
  return .refused("found the \(what) \"\(name)\", expected one of \(known.joined(separator: ", "))\(hint)")
}
