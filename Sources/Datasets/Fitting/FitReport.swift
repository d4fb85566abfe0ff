import Documents
import Formats

extension FitResult {
  /// For people: distances before and after, what was changed, and what could not be.
  public var summary: String {
    var t = FitResult.row("statistic", ["Jensen-Shannon", "Kolmogorov-Sm.", "Wasserstein"]) + "\n"
    for (a, b) in zip(before, after) {
      func pair(_ x: Double?, _ y: Double?) -> String {
        guard let x, let y else { return "-" }
        return "\(FitResult.short(x)) > \(FitResult.short(y))"
      }
      t +=
        FitResult.row(
          a.key,
          [
            pair(a.distance.jensenShannon, b.distance.jensenShannon),
            pair(a.distance.kolmogorovSmirnov, b.distance.kolmogorovSmirnov),
            pair(a.distance.wasserstein, b.distance.wasserstein),
          ]) + "\n"
    }
    t += "(before > after, of frames that the fit has not seen; 0 is alike)\n\n"
    if changes.isEmpty { t += "nothing nearer was found: the scene stays as it is\n" }
    for c in changes {
      t += "line \(c.line): \(c.path)  \(c.kind == "variants" ? "weights" : "$" + c.kind)  \(c.before) -> \(c.after)\n"
    }
    if !notes.isEmpty { t += "\n" + notes.map { "note: " + $0 + "\n" }.joined() }
    return t
  }

  private static func row(_ name: String, _ cells: [String]) -> String {
    var line = name + String(repeating: " ", count: max(1, 18 - name.count))
    for c in cells { line += c + String(repeating: " ", count: max(1, 18 - c.count)) }
    while line.last == " " { line.removeLast() }
    return line
  }

  /// Three decimals.
  private static func short(_ x: Double) -> String {
    let text = DecimalStep(exponent: -3).text(x)
    guard let point = text.firstIndex(of: ".") else { return text + ".000" }
    return text + String(repeating: "0", count: max(0, 4 - text[point...].count))
  }

  /// For programs.
  public var json: String {
    var w = JSONWriter()
    w.beginObject()
    w.member("format", "diorama-fit")
    w.member("version", 1)
    w.key("statistics")
    w.beginArray()
    for (a, b) in zip(before, after) {
      w.beginObject()
      w.member("key", a.key)
      w.member("title", a.title)
      for (name, d) in [("before", a.distance), ("after", b.distance)] as [(StaticString, DistributionDistance)] {
        w.key(name)
        w.beginObject()
        w.member("jensen_shannon", d.jensenShannon)
        if let ks = d.kolmogorovSmirnov { w.member("kolmogorov_smirnov", ks) }
        if let earth = d.wasserstein { w.member("wasserstein", earth) }
        w.endObject()
      }
      w.endObject()
    }
    w.endArray()
    w.key("changes")
    w.beginArray()
    for c in changes {
      w.beginObject()
      w.member("path", c.path)
      w.member("kind", c.kind)
      w.member("line", c.line)
      w.member("before", c.before)
      w.member("after", c.after)
      w.endObject()
    }
    w.endArray()
    w.key("losses")
    w.beginArray()
    for x in losses { w.number(x) }
    w.endArray()
    w.key("notes")
    w.beginArray()
    for n in notes { w.string(n) }
    w.endArray()
    w.endObject()
    w.newline()
    return String(decoding: w.bytes, as: UTF8.self)
  }
}
