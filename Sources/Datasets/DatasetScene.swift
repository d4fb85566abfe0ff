// Where the scene of a dataset comes from: from the dataset's head, which keeps the scene's document, or from the
// scene's file. Either way it is the right one only if its digest is the head's: that covers the document and the bytes of
// all files that it names.

import Annotators
import Documents
import Formats
import Imaging
import Sampling

/// The scene that a dataset was made from.
public struct DatasetScene {
  public let scene: CompiledScene
  /// Where files that it names are looked for: the folder of this path.
  let path: String

  /// - Parameters:
  ///   - record: of a frame whose size the scene is to have.
  ///   - file: the scene's file; nil for the document in the dataset's head.
  ///   - assets: the folder that the scene's file lay in; nil where it names no files.
  init(_ dataset: Dataset, _ record: FrameRecord, file: String?, assets: String?) throws(DatasetError) {
    let head = dataset.header
    if let file {
      path = file
      scene = try DatasetScene.load(file, dataset, record)
      return
    }
    guard let document = head.document else {
      throw .refused(
        "\(dataset.folder): found a dataset that does not keep its scene's document, expected --scene with the scene's file"
      )
    }
    if assets == nil, !head.assets.isEmpty {
      let names = head.assets.prefix(3).map(\.path).joined(separator: ", ")
      throw .refused(
        "\(dataset.folder): found a scene that names files (\(names)\(head.assets.count > 3 ? ", ..." : "")), expected --assets "
          + "with the folder that they are named from, or --scene with the scene's file")
    }
    path = (assets ?? dataset.folder) + "/scene.yaml"
    do {
      scene = try CompiledScene(text: document, path: path, overrides: SceneOverrides(seed: head.seed))
    } catch { throw .refused("the scene of \(dataset.folder): \(error.withoutPlace(in: path))") }
    guard scene.digest == head.sceneDigest else {
      throw .refused(
        "\(dataset.folder): found \(DatasetScene.difference(of: scene, from: head)), expected the scene's files as they were"
      )
    }
  }

  /// - Parameters:
  ///   - file: the scene's file; nil for the document in the dataset's head.
  ///   - assets: the folder that the scene's file lay in; nil where it names no files.
  /// - Throws: `.refused` where it is not the scene that the dataset was made from, and where the dataset has no frames.
  public init(_ dataset: Dataset, file: String?, assets: String?) throws(DatasetError) {
    guard let record = try dataset.firstRecord() else {
      throw .refused("\(dataset.folder): found no frames, expected one or more")
    }
    try self.init(dataset, record, file: file, assets: assets)
  }

  /// Whether a dataset tells its scene without a file of anybody's.
  public static func isKept(by dataset: Dataset) -> Bool {
    dataset.header.document != nil && dataset.header.assets.isEmpty
  }

  /// The scene of a file, in its own size or in that of the record.
  private static func load(
    _ file: String, _ dataset: Dataset, _ record: FrameRecord
  ) throws(DatasetError) -> CompiledScene {
    guard FileSystem.size(of: file) != nil else { throw .refused("\(file): found no such file, expected a scene") }
    let head = dataset.header
    let own: CompiledScene
    do {
      own = try CompiledScene.load(path: file, overrides: SceneOverrides(seed: head.seed))
      if own.digest == head.sceneDigest { return own }
      let resized = try CompiledScene.load(
        path: file, overrides: SceneOverrides(width: record.width, height: record.height, seed: head.seed))
      if resized.digest == head.sceneDigest { return resized }
    } catch { throw .refused(error.description) }
    throw .refused(
      "\(file): found another scene than that of \(dataset.folder), \(difference(of: own, from: head)), expected that of digest "
        + "\(head.sceneDigest)")
  }

  /// In what a scene is another than a dataset's, as far as can be told: values, then files.
  private static func difference(of scene: CompiledScene, from head: DatasetHeader) -> String {
    var found: [String] = []
    if let document = head.document, let before = try? documentTree(document), let now = try? documentTree(scene.text) {
      found += parameterChanges(sceneParameters(before), sceneParameters(now)).map(\.description)
    }
    for file in scene.assets {
      let known = head.assets.first { $0.path == file.path }
      if known?.digest != file.digest { found.append("\(file.path)\(known == nil ? " is new" : " has other bytes")") }
    }
    for file in head.assets where !scene.assets.contains(where: { $0.path == file.path }) {
      found.append("\(file.path) is not there any more")
    }
    guard !found.isEmpty else { return "digest \(scene.digest)" }
    return found.prefix(4).joined(separator: "; ") + (found.count > 4 ? "; and \(found.count - 4) more" : "")
  }
}

extension DatasetScene {
  /// What the dataset is annotated with: what its scene says, or a list of names in place of that.
  func annotations(of head: DatasetHeader) throws(DatasetError) -> AnnotationPlan {
    let own: AnnotationPlan
    do { own = try AnnotationPlan(scene) } catch { throw .refused(error.description) }
    var plans = [own]
    if let named = try? AnnotationPlan(names: head.annotations.map(\.name)) {
      plans += [named, named.withOptions(of: own)]
    }
    for plan in plans {
      let list = plan.descriptions(of: head.dataset)
      if list.count == head.annotations.count,
        zip(list, head.annotations).allSatisfy({ $0.agrees(with: $1) })
      {
        return plan
      }
    }
    throw .refused(
      "found annotations with options that the scene does not have: "
        + head.annotations.map(\.form).joined(separator: ", "))
  }
}

extension Dataset {
  /// Of its first chunk; nil where there are no frames.
  fileprivate func firstRecord() throws(DatasetError) -> FrameRecord? {
    guard let chunk = try chunks().first else { return nil }
    var first: FrameRecord?
    _ = try readRecords(folder + "/" + DatasetLayout.chunkFile(chunk), threads: 1) { record, _ in
      first = record
      return false
    }
    return first
  }
}

extension SceneError {
  /// The message without its place in a text that nobody has written.
  func withoutPlace(in path: String) -> String {
    guard message.hasPrefix(path + ":") else { return message }
    let rest = message.dropFirst(path.count)
    // ":12:7: "
    guard let end = rest.firstRange(of: ": ") else { return message }
    return String(rest[end.upperBound...])
  }
}

extension StringProtocol {
  /// The first place of a text.
  fileprivate func firstRange(of text: String) -> Range<Index>? {
    var from = startIndex
    while from < endIndex {
      if self[from...].hasPrefix(text) { return from..<index(from, offsetBy: text.count) }
      from = index(after: from)
    }
    return nil
  }
}
