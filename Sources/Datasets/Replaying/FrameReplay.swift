// One frame of a dataset, made again from what the dataset says of itself: as it was, or with values of its concrete scene
// changed.

import Annotators
import Documents
import Formats
import GLTFExport
import Glibc
import ImageCoding
import Imaging
import Rasterization
import Sampling
import Stage

/// A frame of a dataset that is to be made again.
public final class FrameReplay {
  private let dataset: Dataset
  private let record: FrameRecord
  private let scene: DatasetScene
  private let plan: AnnotationPlan
  private let threads: Int
  private let renderer: GoldenRenderer
  /// As it renders now without changes.
  private var unchanged: ComparedFrame?

  /// Finds the frame's record and its scene.
  ///
  /// - Parameters:
  ///   - scene: the scene's file; nil for the document that the dataset keeps.
  ///   - assets: with that document, the folder that the files it names lie in.
  /// - Throws: `.refused` where there is no such frame, where the dataset is of another render version, and where the scene is
  ///   not the one that the dataset was made from.
  public init(
    _ dataset: Dataset, frame: Int, scene: String? = nil, assets: String? = nil, threads: Int = 1
  ) throws(DatasetError) {
    (self.dataset, self.threads) = (dataset, threads)
    guard let record = try dataset.record(of: frame) else {
      throw .refused("\(dataset.folder): found no frame \(frame), expected \(try dataset.framesInWords())")
    }
    self.record = record
    guard dataset.header.renderVersion == renderVersion else {
      throw .refused(
        "\(dataset.folder): found frames of render version \(dataset.header.renderVersion), expected \(renderVersion), which is "
          + "this program's: another version draws other pixels")
    }
    self.scene = try DatasetScene(dataset, record, file: scene, assets: assets)
    plan = try self.scene.annotations(of: dataset.header)
    renderer = try GoldenRenderer(self.scene.scene, annotations: plan, threads: threads)
  }

  /// Top-level keys that say nothing of a frame that is made again, and are used up or come from elsewhere.
  private static let idleKeys: Set<String> = [
    "annotations", "formats", "frames", "seed", "name", "description", "let", "prototypes", "materials", "include",
    "rules", "attempts", "frames_per_sequence", "fps",
  ]

  /// The names of the planes that the record has.
  public var planes: [String] { record.planes.map(\.name) }

  /// Renders the frame as it is recorded and holds it against its record.
  public func check() throws(DatasetError) -> Comparison {
    let now = try renderer.frame(record.frame)
    unchanged = now
    let names = categoryNames(dataset.header)
    let comparer = FrameComparer(tolerance: .exact, categories: (names, names))
    var archive: TarIndex?
    // Digests tell whether planes are alike; their files are read only where they are not.
    var before = try ComparedFrame(record, dataset, decoding: [], &archive)
    var result = comparer.compare(before, now)
    if !result.differences.isEmpty {
      before = try ComparedFrame(record, dataset, decoding: nil, &archive)
      result = comparer.compare(before, now)
    }
    var comparison = Comparison(
      title: "\(dataset.header.scene), frame \(record.frame)", before: "as recorded", after: "as it renders now")
    try comparison.add(result, before, now)
    comparison.finish()
    return comparison
  }

  /// The frame with changes of its concrete scene, which is what `diorama sample` prints.
  ///
  /// - Parameters:
  ///   - size: another size of the picture than the frame's.
  ///   - annotations: in place of the dataset's.
  /// - Throws: `.refused` for values that the scene does not have or that are wrong.
  public func changed(
    _ edits: [DocumentEdit], size: (width: Int, height: Int)? = nil, annotations: AnnotationPlan? = nil
  ) throws(DatasetError) -> ReplayedFrame {
    for edit in edits {
      let key = String(edit.path.prefix { $0 != "." && $0 != "[" })
      guard FrameReplay.idleKeys.contains(key) else { continue }
      let way = key == "annotations" ? "; --annotations chooses what --out is annotated with" : ""
      throw .refused(
        "--set \(edit.path): found a key that changes nothing of the frame, expected one of the frame's\(way)")
    }
    let pictures = scene.scene.pictures
    let changed: CompiledScene
    do throws(SceneError) {
      var document = try scene.scene.document(frame: record.frame / pictures)
      for edit in edits {
        do { document = try edit.apply(to: document) } catch {
          throw SceneError(message: "--set \(error.message(files: []))")
        }
      }
      // A frame of its own in the same folder, by the same name.
      if document["name"] == nil { document.setName(dataset.header.scene) }
      do {
        changed = try CompiledScene(
          text: yaml(document), path: scene.path, overrides: SceneOverrides(width: size?.width, height: size?.height))
        _ = try AnnotationPlan(changed)
      } catch {
        throw SceneError(message: (edits.isEmpty ? "" : "--set ") + error.withoutPlace(in: scene.path))
      }
    } catch { throw .refused(error.description) }
    let view = record.frame % pictures
    guard view < changed.pictures else {
      throw .refused(
        "found a rig of \(changed.pictures) cameras, expected the frame's own, number \(view), to be there")
    }
    return ReplayedFrame(
      renderer: try GoldenRenderer(changed, annotations: annotations ?? plan, threads: threads), view: view,
      number: record.frame, name: dataset.header.scene, threads: threads)
  }

  /// What changes have come to: the frame as it is recorded and as it is with them. `check` comes before.
  public func compare(with changed: ReplayedFrame) throws(DatasetError) -> Comparison {
    var before = if let unchanged { unchanged } else { try renderer.frame(record.frame) }
    var after = try changed.compared()
    // The changed one is the first frame of a scene of its own.
    before.labels = before.labels?.without("frame")
    after.labels = after.labels?.without("frame")
    before.parameters.removeAll { $0.path == "name" }
    after.parameters.removeAll { $0.path == "name" }
    after.frame = before.frame
    let comparer = FrameComparer(
      tolerance: .exact, categories: (categoryNames(renderer.header), categoryNames(changed.renderer.header)))
    var result = comparer.compare(before, after)
    // Said also where the picture is the same in spite of them.
    result.parameters = parameterChanges(before.parameters, after.parameters)
    var comparison = Comparison(
      title: "\(dataset.header.scene), frame \(record.frame), changed", before: "as recorded", after: "with the changes"
    )
    try comparison.add(result, before, after)
    comparison.finish()
    return comparison
  }
}

/// A frame with changes, ready to be drawn and written.
public final class ReplayedFrame {
  let renderer: GoldenRenderer
  private let view: Int
  private let number: Int
  private let name: String
  private let threads: Int
  private var seen: ComparedFrame?

  init(renderer: GoldenRenderer, view: Int, number: Int, name: String, threads: Int) {
    (self.renderer, self.view, self.number, self.name, self.threads) = (renderer, view, number, name, threads)
  }

  func compared() throws(DatasetError) -> ComparedFrame {
    if let seen { return seen }
    let made = try renderer.frame(view)
    seen = made
    return made
  }

  /// The picture as a PNG file.
  public func picture() throws(DatasetError) -> [UInt8] {
    guard let plane = try compared().planes.first(where: { $0.name == "rgb" }), let image = plane.image else {
      throw .frame(number, "it has no picture")
    }
    do {
      let encoder = try PNGEncoder(effort: .small)
      try plane.description.encode(image, encoder)
      return encoder.withFile { Array($0) }
    } catch { throw .frame(number, "\(error)") }
  }

  /// The frame as a GLB file.
  public func glb() throws(DatasetError) -> GLBFile {
    do {
      var frame = try renderer.source.frame(view)
      frame.index = number
      return try GLBFile(frame, scene: name, categories: renderer.source.categories)
    } catch { throw .frame(number, "\(error)") }
  }

  /// The frame as a dataset of its own, in a folder that appears whole or not at all.
  ///
  /// - Parameter replaces: whether a dataset that is there gives way.
  /// - Returns: false where it was stopped.
  public func write(
    to folder: String, replaces: Bool, shouldStop: @escaping @Sendable () -> Bool
  ) throws(DatasetError) -> Bool {
    let folder = folder.withoutSlashes
    let (source, view, threads) = (renderer.source, view, threads)
    let old = FileSystem.temporaryName(for: folder)
    do throws(DatasetError) {
      let isWritten = try withUnfinishedFolder(folder) { unfinished throws(DatasetError) in
        let options = RenderOptions(folder: unfinished, frames: view..<view + 1, threads: threads)
        let summary = try renderDataset(
          source, options, renderer: standardRenderer(frameThreads: options.frameThreads), shouldStop: shouldStop)
        guard !summary.isStopped else { return false }
        if replaces, Dataset.exists(in: folder) {
          try DatasetError.files { () throws(FileError) in try FileSystem.rename(folder, to: old) }
        }
        return true
      }
      FileSystem.removeTree(old)
      return isWritten
    } catch {
      // What was there comes back.
      if FileSystem.isFolder(old) { try? FileSystem.rename(old, to: folder) }
      throw error
    }
  }
}

/// How a path lies to a folder, with symbolic links followed; neither has to be there.
public enum PathRelation: Sendable {
  case apart, same, inside, around

  public init(of path: String, to folder: String) {
    let (a, b) = (PathRelation.parts(path), PathRelation.parts(folder))
    if a == b {
      self = .same
    } else if a.starts(with: b) {
      self = .inside
    } else {
      self = b.starts(with: a) ? .around : .apart
    }
  }

  /// The names of the real path from the root on; what is not there yet keeps its names.
  private static func parts(_ path: String) -> [String] {
    var missing: [String] = []
    var head = path.withoutSlashes
    while true {
      if let real = realpath(head, nil) {
        defer { free(real) }
        var all = String(cString: real).split(separator: "/").map(String.init)
        for name in missing.reversed() where name != "." {
          if name == ".." { _ = all.popLast() } else { all.append(name) }
        }
        return all
      }
      let above = FileSystem.enclosing(head).withoutSlashes
      guard above != head else { return missing.reversed() }
      missing.append(head.split(separator: "/").last.map(String.init) ?? head)
      head = above
    }
  }
}

extension Dataset {
  /// "one of those it has, from 0 to 23", for an error message.
  fileprivate func framesInWords() throws(DatasetError) -> String {
    guard let last = try chunks().last else { return "a dataset with frames" }
    var (first, highest): (Int?, Int?) = (nil, nil)
    for chunk in Set([try chunks()[0], last]).sorted() {
      _ = try readRecords(folder + "/" + DatasetLayout.chunkFile(chunk), threads: 1) { record, _ in
        first = min(first ?? record.frame, record.frame)
        highest = max(highest ?? record.frame, record.frame)
        return true
      }
    }
    guard let first, let highest else { return "a dataset with frames" }
    return first == highest ? "frame \(first), which is all it has" : "one of those it has, from \(first) to \(highest)"
  }
}
