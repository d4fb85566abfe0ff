// The dataset card: README.md, as the Hugging Face Hub shows it, with a YAML head that its loaders read.
//
// It says what the dataset itself knows: scene, seed, render version, counts, class balance, what stands behind the pixels. It
// speaks of no clock, no host and no path. Of assets it gives the digest in the records' own hash (XXH3, 128 bits), and the
// licence as far as a file beside the asset states it; where nothing does the card says so rather than guess.

import Annotators
import Documents
import Imaging
import Stage

struct DatasetCard {
  /// The columns or files that a reader finds, each with a sentence.
  var contents: [(name: String, meaning: String)] = []
  /// The files of each split, as patterns for loaders; nil where loaders of the Hub are not meant.
  var dataFiles: ((_ split: String) -> String)?

  func text(_ export: FormatExport, _ tally: ExportTally) -> [UInt8] {
    let d = export.dataset
    var t = "---\n"
    if let license = export.options.license {
      // The Hub knows SPDX's names in small letters; anything else is "other" with a link.
      t +=
        license.contains("/")
        ? "license: other\nlicense_link: \(quoted(license))\n" : "license: \(quoted(license.lowercased()))\n"
    }
    t +=
      "pretty_name: \(quoted(d.name))\ntags:\n- synthetic\n- diorama\ntask_categories:\n- object-detection\n- image-segmentation\n"
    t += "size_categories:\n- \(DatasetCard.sizeCategory(tally.frames))\n"
    let filled = zip(export.splits, tally.splits).filter { $0.1.frames > 0 }.map(\.0)
    if let dataFiles, !filled.isEmpty {
      t += "configs:\n- config_name: default\n  data_files:\n"
      for s in filled { t += "  - split: \(s)\n    path: \(quoted(dataFiles(s)))\n" }
    }
    t += "---\n\n# \(line(d.name))\n\n"
    t += "Rendered by Diorama. Labels follow from the geometry of each frame; nobody drew them.\n\n"
    t += "| | |\n|---|---|\n| scene | \(cell(d.name)) |\n| source | `\(d.source)` |\n| seed | \(d.seed) |\n"
    t += "| render version | \(d.renderVersion) |\n| frames | \(tally.frames) |\n"
    if let w = tally.widths, let h = tally.heights {
      func range(_ r: ClosedRange<Int>) -> String {
        r.lowerBound == r.upperBound ? "\(r.lowerBound)" : "\(r.lowerBound)-\(r.upperBound)"
      }
      t += "| size in pixels | \(range(w)) x \(range(h)) |\n"
    }
    t += "| licence | \(cell(export.options.license ?? "not stated")) |\n"
    if let date = export.options.date { t += "| published | \(date) |\n" }
    if let url = export.options.url { t += "| home | \(cell(url)) |\n" }
    t += "\nThe same scene, seed and render version give the same pixels and labels on any machine.\n"
    t += splitsAndClasses(export, tally)
    if !contents.isEmpty {
      t += "\n## Contents\n\n| name | meaning |\n|---|---|\n"
      for c in contents { t += "| `\(c.name)` | \(cell(c.meaning)) |\n" }
    }
    t += provenance(d.assets)
    return Array(t.utf8)
  }

  private func splitsAndClasses(_ export: FormatExport, _ tally: ExportTally) -> String {
    var t = "\n## Splits\n\n| split | frames | without objects | instances |\n|---|--:|--:|--:|\n"
    for (name, s) in zip(export.splits, tally.splits) {
      t += "| \(cell(name)) | \(s.frames) | \(s.empty) | \(s.instances.reduce(0, +)) |\n"
    }
    let all = tally.splits.reduce(0) { $0 + $1.instances.reduce(0, +) }
    t += "\n## Classes\n\n| id | class | instances | share | frames |\n|--:|---|--:|--:|--:|\n"
    for (i, c) in export.classes.list.enumerated() {
      let n = tally.splits.reduce(0) { $0 + $1.instances[i] }
      let images = tally.splits.reduce(0) { $0 + $1.images[i] }
      t += "| \(c.id) | \(cell(c.name)) | \(n) | \(DatasetCard.percent(n, of: all)) | \(images) |\n"
    }
    if tally.ignored > 0 { t += "\nBelow the thresholds, and in no count: \(tally.ignored) instances.\n" }
    return t
  }

  private func provenance(_ assets: [DatasetAsset]) -> String {
    var t = "\n## Provenance\n\n"
    guard !assets.isEmpty else {
      return t
        + "The dataset names no asset: shapes, textures and light were made by the scene, and no photograph went in.\n"
    }
    t += "\(assets.count) files went in. "
    let photographs = assets.count { $0.isPhotograph == true }
    let unknown = assets.count { $0.isPhotograph == nil && $0.isPicture }
    if photographs > 0 { t += "\(photographs) of them are photographs, or have some in them. " }
    if unknown > 0 {
      t += "\(unknown) are pictures of which nothing says whether they are photographs.\n"
    } else if assets.contains(where: { $0.isPhotograph == nil && $0.mayHoldPictures }) {
      t += "glTF files among them can hold textures of which nothing is said.\n"
    } else if photographs == 0 {
      t += "None of them is a photograph.\n"
    } else {
      t += "\n"
    }
    let open = assets.count { $0.license == nil }
    if open > 0 {
      t += "The licences of \(open) are not stated (a file NAME.license beside an asset states its own).\n"
    }
    t += "\n| file | XXH3-128 | licence | photograph |\n|---|---|---|---|\n"
    for a in assets {
      let photograph =
        a.isPhotograph.map { $0 ? "yes" : "no" } ?? (a.isPicture || a.mayHoldPictures ? "not stated" : "no")
      t += "| \(cell(a.path)) | `\(a.digest)` | \(cell(a.license ?? "not stated")) | \(photograph) |\n"
    }
    return t
  }

  /// The Hub's names for sizes.
  static func sizeCategory(_ n: Int) -> String {
    let steps = [
      (1000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"), (10_000_000, "1M<n<10M"),
      (100_000_000, "10M<n<100M"), (1_000_000_000, "100M<n<1B"),
    ]
    return steps.first { n < $0.0 }?.1 ?? "n>1B"
  }

  /// One decimal, halves up.
  static func percent(_ n: Int, of all: Int) -> String {
    guard all > 0 else { return "" }
    let tenths = (2000 * n + all) / (2 * all)
    return "\(tenths / 10).\(tenths % 10) %"
  }

  /// JSON's texts are YAML's.
  private func quoted(_ s: String) -> String {
    var w = JSONWriter()
    w.string(s)
    return String(decoding: w.bytes, as: UTF8.self)
  }

  private func line(_ s: String) -> String { s.split(whereSeparator: \.isNewline).joined(separator: " ") }

  private func cell(_ s: String) -> String {
    line(s).split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }
}
