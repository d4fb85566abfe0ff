// What is likely wrong with a set, in words. A warning is worth a change before training; a note is worth knowing.

import Formats
import Sampling
import Stage

struct ReportWarning: Sendable, Equatable {
  enum Severity: String, Sendable {
    case warning
    case note
  }

  /// For machines: "class_never_appears".
  var key: String
  var severity: Severity
  var text: String
}

extension DatasetReport {
  /// The warnings first.
  var warnings: [ReportWarning] {
    let all = classWarnings + labelWarnings + pictureWarnings + splitWarnings + parameterWarnings
    return all.filter { $0.severity == .warning } + all.filter { $0.severity == .note }
  }

  private func warning(_ key: String, _ text: String) -> ReportWarning {
    ReportWarning(key: key, severity: .warning, text: text)
  }

  private func note(_ key: String, _ text: String) -> ReportWarning {
    ReportWarning(key: key, severity: .note, text: text)
  }

  /// "a, b, c and 4 more".
  private func listed(_ names: [String], most: Int = 6) -> String {
    names.count <= most
      ? names.joined(separator: ", ") : names.prefix(most).joined(separator: ", ") + " and \(names.count - most) more"
  }

  /// Objects from which on a share says something.
  private static let enough = 50

  private var classWarnings: [ReportWarning] {
    var found: [ReportWarning] = []
    let never = labels.classes.filter { $0.shapes.objects == 0 }.map(\.name)
    if !never.isEmpty {
      found.append(
        warning(
          "class_never_appears",
          "\(never.count == 1 ? "A class never appears" : "\(never.count) classes never appear"): \(listed(never))."))
    }
    let present = labels.classes.filter { $0.shapes.objects > 0 }
    if let most = present.max(by: { $0.shapes.objects < $1.shapes.objects }),
      let least = present.min(by: { $0.shapes.objects < $1.shapes.objects }),
      most.shapes.objects >= 20 * least.shapes.objects, objects >= DatasetReport.enough
    {
      found.append(
        warning(
          "classes_unbalanced",
          "There are \(most.shapes.objects / least.shapes.objects) times as many labels of \(most.name) as of \(least.name); "
            + "the balance is \(readable(balance))."))
    }
    return found
  }

  private var labelWarnings: [ReportWarning] {
    var found: [ReportWarning] = []
    let n = objects
    guard n > 0 else { return [warning("no_labels", "No frame has a label.")] }
    let share = { (k: Int) in Double(k) / Double(n) }
    if share(records.centred) >= 0.8, n >= DatasetReport.enough {
      found.append(
        warning(
          "objects_centred",
          "\(percent(share(records.centred))) of the boxes have their centre in the middle ninth of the picture (evenly spread: "
            + "11 %): a model may learn to look nowhere else."))
    }
    if records.all.tiny > 0 {
      let text =
        "\(grouped(records.all.tiny)) \(records.all.tiny == 1 ? "box has" : "boxes have") a side under 4 pixels "
        + "(\(percent(share(records.all.tiny)))): too small to learn from; diorama export --min-area leaves them out."
      found.append(share(records.all.tiny) > 0.01 ? warning("tiny_boxes", text) : note("tiny_boxes", text))
    }
    if records.all.known >= DatasetReport.enough, records.all.wholly == records.all.known {
      found.append(
        warning(
          "never_occluded", "No label is ever occluded: every object is at least 99 % visible, as real ones are not."))
    }
    if labels.all.atBorder == 0, n >= DatasetReport.enough {
      found.append(note("never_cut", "No box reaches the picture's border: objects are never cut by it."))
    }
    let empty = Double(labels.empty) / Double(frames)
    if empty > 0.5, frames >= 20 {
      found.append(warning("mostly_empty", "\(percent(empty)) of the frames have no label."))
    }
    if frames >= 20, records.azimuth.counts.count(where: { $0 > 0 }) == 1,
      records.elevation.counts.count(where: { $0 > 0 }) <= 2
    {
      found.append(
        warning("one_viewpoint", "Objects are seen from one side only, within 10 degrees of azimuth and elevation."))
    }
    if !header.hasVisibility {
      found.append(
        note(
          "visibility_unknown",
          "The records do not say how much of objects is seen: render with --annotations visibility for occlusion and truncation."
        ))
    }
    return found
  }

  private var pictureWarnings: [ReportWarning] {
    var found: [ReportWarning] = []
    if !missing.isEmpty {
      found.append(
        warning(
          "missing_pictures",
          "\(grouped(missing.count)) of the \(grouped(kept.count)) pictures that were to be read are missing: frames "
            + "\(listed(missing.map(String.init)))."))
    }
    let blank = degenerate
    for what in ["all black", "all white", "all of one colour"] {
      let frames = blank.filter { $0.what == what }.map { String($0.frame) }
      if !frames.isEmpty {
        found.append(
          warning(
            "degenerate_pictures",
            "\(counted(frames.count, "picture")) \(frames.count == 1 ? "is" : "are") \(what): frames \(listed(frames))."
          ))
      }
    }
    if equals.repeats > 0 {
      let share = Double(equals.repeats) / Double(frames)
      let text =
        "\(counted(equals.repeats, "frame")) (\(percent(share))) \(equals.repeats == 1 ? "has" : "have") the same picture as an "
        + "earlier one, to the pixel."
      found.append(warning("equal_pictures", text))
    }
    let near = Double(nearDuplicateFrames) / Double(max(read.count, 1))
    if near > 0.01 {
      found.append(
        warning(
          "near_duplicates",
          "\(percent(near)) of the frames that were read resemble an earlier one in picture and labels."))
    }
    return found
  }

  private var splitWarnings: [ReportWarning] {
    SplitLeak.Kind.allCases.compactMap { kind in
      let list = leaks.filter { $0.kind == kind }
      guard let first = list.first else { return nil }
      let parts = first.parts.map { partNames.indices.contains($0) ? partNames[$0] : "?" }.joined(separator: " and ")
      let kinds: String
      switch kind {
      case .sequence: kinds = list.count == 1 ? "sequence lies" : "sequences lie"
      case .samePicture: kinds = list.count == 1 ? "picture lies" : "pictures lie"
      case .nearDuplicate: kinds = list.count == 1 ? "group of near duplicates lies" : "groups of near duplicates lie"
      case .group: kinds = list.count == 1 ? "value of the group lies" : "values of the group lie"
      }
      return warning(
        "split_leak",
        "\(grouped(list.count)) \(kinds) in several parts of the split, such as \(first.what) in \(parts) (frames "
          + "\(first.frames.map(String.init).joined(separator: ", "))): results on them will be too good.")
    }
  }

  private var parameterWarnings: [ReportWarning] {
    guard let drawn else { return [] }
    var (narrow, never, outside): ([String], [String], [String]) = ([], [], [])
    for p in drawn.parameters {
      if p.isOutside { outside.append(p.path) }
      guard let least = p.evenCoverage.min() else { continue }
      if case .options(let names, let shares) = p.asked {
        let missed = names.indices.filter { shares[$0] > 0 && p.options.indices.contains($0) && p.options[$0] == 0 }
        if !missed.isEmpty { never.append("\(p.path) (\(listed(missed.map { names[$0] }, most: 3)))") }
      } else if least < DatasetReport.leastCoverage {
        narrow.append("\(p.path) (\(percent(least)))")
      }
    }
    var found: [ReportWarning] = []
    if !narrow.isEmpty {
      found.append(
        warning(
          "parameter_narrow",
          "\(counted(narrow.count, "parameter")) came out in less than 80 % of the range asked for: \(listed(narrow)). Rules may "
            + "reject the rest."))
    }
    if !never.isEmpty {
      found.append(warning("option_never_drawn", "Options that were never drawn: \(listed(never))."))
    }
    if !outside.isEmpty {
      found.append(warning("parameter_outside", "Values beyond the range asked for: \(listed(outside))."))
    }
    return found
  }

  private static let leastCoverage = 0.8
}
