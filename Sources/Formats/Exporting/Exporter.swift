// One export: records go in, in order of frames; a folder comes out.

import Annotators
import Documents
import Imaging
import Stage

package final class Exporter {
  private let export: FormatExport
  private let writer: any FormatWriter
  private var report: ExportReport
  private var last = -1

  /// - Parameters:
  ///   - splits: names, at least one.
  ///   - folder: where it is written, which is there, and `final`, the name that this is going to have.
  ///   - files: of the dataset's frames.
  ///   - meshes: of their instances, where something makes the frames again.
  /// - Throws: where the format cannot carry what is asked for, or the dataset lacks what the format needs.
  package init(
    _ format: any FormatWriter.Type, _ dataset: DatasetDescription, _ options: ExportOptions, splits: [String],
    folder: String, final: String, files: SourceFiles, meshes: MeshSource? = nil
  ) throws(FormatError) {
    let manual = format.manual
    try Exporter.check(manual, dataset, options)
    let export = FormatExport(
      manual, dataset, options, splits: splits, folder: folder, final: final, files: files, meshes: meshes)
    var report = ExportReport(
      format: manual.name, scene: dataset.name, source: dataset.source, classes: export.classes.list,
      splits: splits.map { .init(name: $0, instances: export.classes.list.map { _ in 0 }) },
      ignoredAs: manual.ignored ?? "left out")
    report.options = options.description
    for content in FormatContent.allCases where Exporter.isConcerned(content, dataset, options) {
      switch manual.carriage(of: content) {
      case .carried: break
      case .lossy(let what): export.loseAll(content, what)
      case .absent: export.loseAll(content, "not carried by \(manual.name)")
      }
    }
    (self.export, self.report) = (export, report)
    writer = try format.init(export)
  }

  /// Whether a kind of annotation is asked for, or, where nothing is said, in the dataset.
  private static func isConcerned(
    _ content: FormatContent, _ dataset: DatasetDescription, _ options: ExportOptions
  ) -> Bool {
    if let wanted = options.wanted { return wanted.contains(content) }
    return dataset.annotations.contains { FormatContent(annotation: $0.name) == content }
  }

  /// That the format can carry what is asked for, and the dataset has what it needs.
  package static func check(
    _ manual: FormatManual, _ dataset: DatasetDescription, _ options: ExportOptions
  ) throws(FormatError) {
    for content in options.wanted ?? [] {
      guard manual.carriage(of: content) != .absent else {
        let able = formatRegistry.filter { $0.manual.carriage(of: content) != .absent }.map { $0.name }
        throw .refused(
          "--annotations: found \(content.rawValue), which \(manual.name) cannot carry, expected "
            + (able.isEmpty ? "another annotation" : "another format: \(able.joined(separator: ", "))"))
      }
    }
    for content in options.wanted ?? [] where !alwaysThere.contains(content) {
      guard !dataset.annotations.contains(where: { FormatContent(annotation: $0.name) == content }) else { continue }
      throw .refused(lack("--annotations", dataset, [content.rawValue], "\(manual.name)"))
    }
    for need in manual.needs where !need.anyOf.contains(where: { dataset.annotation($0) != nil }) {
      throw .refused(lack(manual.name, dataset, need.anyOf, need.purpose))
    }
    if options.minVisibility > 0, dataset.annotation("visibility") == nil {
      throw .refused(lack("--min-visibility", dataset, ["visibility"], "the visible share of each instance"))
    }
    if let pictures = options.pictures, !manual.pictures.contains(pictures) {
      throw .refused(
        "--pictures: found \(pictures.rawValue), expected \(manual.pictures.map(\.rawValue).joined(separator: " or ")) with "
          + manual.name)
    }
    if let style = options.polygons, !manual.polygons.contains(style) {
      let known = manual.polygons.map(\.rawValue).joined(separator: ", ")
      throw .refused(
        "--polygons: found \(style.rawValue), expected "
          + (known.isEmpty ? "none with \(manual.name), which has no polygons" : "\(known) with \(manual.name)"))
    }
  }

  /// What records hold of every dataset, or what follows from it.
  private static let alwaysThere: [FormatContent] = [
    .boxes, .masks, .camera, .orientedBoxes, .instance, .semantic, .panoptic,
  ]

  private static func lack(
    _ who: String, _ dataset: DatasetDescription, _ names: [String], _ purpose: String
  ) -> String {
    let have = dataset.annotations.map(\.name)
    let quoted = names.map { "\"\($0)\"" }.joined(separator: " or ")
    return
      "\(who): found a dataset without \(quoted), expected one with it for \(purpose): render it with --annotations "
      + (have + names.prefix(1)).joined(separator: ",")
  }

  /// - Parameter split: index of the frame's split.
  package func add(_ record: FrameRecord, split: Int) throws(FormatError) {
    precondition(record.frame > last, "frames come in order")
    last = record.frame
    var instances: [ExportedInstance] = []
    instances.reserveCapacity(record.instances.count)
    for i in record.instances {
      guard let category = export.classes.id(of: i.category) else {
        report.dropped += 1
        continue
      }
      guard export.classes.list.indices.contains(category - 1) else {
        throw .refused(
          "frame \(record.frame), instance \(i.id): found category \(category), expected one of the dataset's")
      }
      let isIgnored = isIgnored(i)
      if i.box != nil {
        if isIgnored { report.ignored += 1 } else { report.splits[split].instances[category - 1] += 1 }
      }
      instances.append(ExportedInstance(record: i, category: category, isIgnored: isIgnored))
    }
    try writer.add(
      ExportedFrame(record: record, instances: instances, split: split, index: report.splits[split].frames))
    report.splits[split].frames += 1
  }

  private func isIgnored(_ i: InstanceRecord) -> Bool {
    if i.visiblePixels < export.options.minArea { return true }
    guard export.options.minVisibility > 0 else { return false }
    return (i.values.visibility?.visibility ?? 0) < export.options.minVisibility
  }

  /// Completes the export's files; the folder is for the caller to commit.
  package func finish() throws(FormatError) -> ExportReport {
    try writer.finish()
    report.losses = export.losses
    try export.write(report.json, to: ExportFolder.marker)
    return report
  }
}
