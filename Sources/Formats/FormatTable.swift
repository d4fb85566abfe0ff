// The table of formats and what they carry, for Documentation/Formats.md: made from the formats' own manuals.

/// What stands around the table in a page.
public let formatTableBegin = "<!-- formats: made by `diorama formats --update`, not by hand -->"
public let formatTableEnd = "<!-- end of formats -->"

/// The formats with their contents, needs and losses, in Markdown.
public func formatTable() -> String {
  var text = "Carried: ●, carried with loss: ◐, not carried: empty.\n\n"
  text += "| | " + formatRegistry.map { "`\($0.name)`" }.joined(separator: " | ") + " |\n"
  text += "|---|" + formatRegistry.map { _ in ":-:|" }.joined() + "\n"
  for content in FormatContent.allCases {
    let cells = formatRegistry.map { f -> String in
      switch f.manual.carriage(of: content) {
      case .carried: "●"
      case .lossy: "◐"
      case .absent: " "
      }
    }
    text += "| \(content.rawValue) | " + cells.joined(separator: " | ") + " |\n"
  }
  for f in formatRegistry {
    let m = f.manual
    text += "\n**`\(m.name)`** \(m.summary)"
    text += " Below the thresholds: \(m.ignored ?? "left out")."
    if !m.polygons.isEmpty {
      text += " `--polygons` \(m.polygons.map { "`\($0.rawValue)`" }.joined(separator: ", "))."
    }
    if m.pictures.first == .jpeg { text += " Pictures are encoded as JPEG; `--pictures png` links them." }
    if !m.needs.isEmpty {
      let needs = m.needs.map { n in n.anyOf.map { "`\($0)`" }.joined(separator: " or ") + " for \(n.purpose)" }
      text += " Needs " + needs.joined(separator: "; ") + "."
    }
    for content in FormatContent.allCases {
      if case .lossy(let what) = m.carriage(of: content) { text += " Loses of \(content.rawValue): \(what)." }
    }
    if !m.limits.isEmpty { text += " " + m.limits }
    text += "\n"
  }
  return text
}

/// A page with its table replaced by the current one; nil where it has no place for it.
public func pageWithFormatTable(_ page: String) -> String? {
  let lines = page.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  guard let begin = lines.firstIndex(of: formatTableBegin), let end = lines[begin...].firstIndex(of: formatTableEnd)
  else { return nil }
  return (lines[...begin] + ["", formatTable()] + lines[end...]).joined(separator: "\n")
}
