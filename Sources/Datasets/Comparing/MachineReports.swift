// What CI systems read: JUnit's XML, and lines that GitHub shows beside a change.

import Formats

/// A JUnit report with one test case and an error in it: for a check that came to no result.
public func junitReport(title: String, error: String) -> String {
  """
  <?xml version="1.0" encoding="UTF-8"?>
  <testsuites tests="1" failures="0" errors="1">
   <testsuite name="\(XMLWriter.escaped(title))" tests="1" failures="0" errors="1">
    <testcase classname="\(XMLWriter.escaped(title))" name="check"><error message="\(XMLWriter.escaped(error))"/></testcase>
   </testsuite>
  </testsuites>

  """
}

extension Comparison {
  /// A test case for each frame, and one for what concerns none, which is also where frames are counted that no more is told of.
  public var junit: String {
    struct Case {
      var name: String
      var differences: [Difference]
      var more: [String]
    }
    let byNumber = Dictionary(frames.map { ($0.frame, $0) }) { a, _ in a }
    var all = differences
    if unlisted.differences > 0 {
      all.append(Difference(.value, "frames", [], counted(unlisted.frames, "frame") + " more not alike"))
    }
    var cases = [Case(name: "all frames", differences: all, more: [])]
    for n in runsLookedAt.joined() {
      let f = byNumber[n]
      cases.append(
        Case(
          name: "frame \(n)", differences: f?.differences ?? [],
          more: (f?.parameterLines(limit: 20) ?? [])
            + (f.map { $0.command.isEmpty ? [] : [$0.command] } ?? [])))
    }
    let failures = cases.count { $0.differences.contains { !$0.isTolerated } }
    let name = XMLWriter.escaped(title)
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    text += "<testsuites tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"0\">\n"
    text += " <testsuite name=\"\(name)\" tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"0\">\n"
    for c in cases {
      text += "  <testcase classname=\"\(name)\" name=\"\(XMLWriter.escaped(c.name))\""
      let failed = c.differences.filter { !$0.isTolerated }
      guard let first = failed.first else {
        text += "/>\n"
        continue
      }
      let body = (failed.map(\.description) + c.more).joined(separator: "\n")
      text +=
        ">\n   <failure type=\"\(XMLWriter.escaped(first.kind.rawValue))\" message=\"\(XMLWriter.escaped(first.description))\">"
      // Line feeds as they are: readers show them.
      text += XMLWriter.escaped(body).split(separator: "&#10;", omittingEmptySubsequences: false).joined(
        separator: "\n")
      text += "</failure>\n  </testcase>\n"
    }
    return text + " </testsuite>\n</testsuites>\n"
  }

  /// Lines that GitHub Actions shows as errors beside the scene's file: at most ten, which is what it shows of a step.
  public func githubLines(file: String?) -> [String] {
    var lines: [String] = []
    for d in differences where !d.isTolerated { lines.append(githubError(d.description, title: title, file: file)) }
    for f in frames where f.isDifferent {
      var text =
        "frame \(f.frame): " + f.differences.filter { !$0.isTolerated }.map(\.description).joined(separator: "\n")
      for line in f.parameterLines(limit: 4) { text += "\n" + line }
      if !f.command.isEmpty { text += "\n" + f.command }
      lines.append(githubError(text, title: title, file: file))
    }
    let hidden = unlisted.frames - unlisted.tolerated
    if lines.count <= 10, hidden == 0 { return lines }
    let more = max(lines.count - 9, 0) + hidden
    return Array(lines.prefix(9)) + [githubError("\(more) frames more differ", title: title, file: file)]
  }
}

/// GitHub's workflow command for an error, with what its line form cannot hold escaped.
public func githubError(_ message: String, title: String, file: String?) -> String {
  func data(_ s: String) -> String {
    s.unicodeScalars.reduce(into: "") { out, u in
      switch u {
      case "%": out += "%25"
      case "\r": out += "%0D"
      case "\n": out += "%0A"
      default: out.unicodeScalars.append(u)
      }
    }
  }
  func property(_ s: String) -> String {
    data(s).unicodeScalars.reduce(into: "") { out, u in
      switch u {
      case ":": out += "%3A"
      case ",": out += "%2C"
      default: out.unicodeScalars.append(u)
      }
    }
  }
  return "::error " + (file.map { "file=\(property($0))," } ?? "") + "title=\(property(title))::\(data(message))"
}
