import Annotators
import Documents
import Formats
import Imaging
import Stage

/// What checking a golden came to.
public struct GoldenCheck: Sendable {
  public var comparison: Comparison
  /// The scene's file, from the current folder.
  public var scene: String
  /// Where the report and what was rendered lie; nil where nothing differs.
  public var folder: String?
  public var isStopped = false
}

/// Where a check leaves what it found: beside the golden, not in it.
public func checkFolder(of golden: String) -> String { golden.withoutSlashes + "-check" }

/// Renders a golden's frames again and compares.
///
/// Where anything differs, also within the tolerance, `checkFolder` gets `report.html` and `golden/`, which `acceptGolden` can
/// put in the golden's place. Where nothing does, what an earlier check left there goes.
///
/// - Parameter scene: in place of the scene's file that the golden names.
public func checkGolden(
  _ golden: String, scene: String? = nil, tolerance: Tolerance = .exact, threads: Int = 1,
  shouldStop: () -> Bool = { false }
) throws(DatasetError) -> GoldenCheck {
  let known = try GoldenFolder(golden.withoutSlashes)
  let head = known.head
  for name in tolerance.planes.keys.sorted() where !head.header.annotations.contains(where: { $0.plane?.name == name })
  {
    throw .refused("the tolerance names a plane \"\(name)\", which the golden does not have")
  }
  let path = scene ?? RelativePath.from(".", to: known.folder + "/" + head.scene)
  let name = String(known.folder.split(separator: "/").last ?? "golden")
  let target = checkFolder(of: known.folder)
  let renderer = try GoldenRenderer(
    scene: path, seed: head.seed, size: head.size, annotations: head.annotations, threads: threads)
  var comparison = Comparison(
    title: "golden \(name)", before: "as recorded", after: "as \(path) renders now")
  let comparer = FrameComparer(
    tolerance: tolerance, categories: (categoryNames(head.header), categoryNames(renderer.header)))
  let old = FileSystem.temporaryName(for: target)
  defer { FileSystem.removeTree(old) }
  var isStopped = false

  func run(_ unfinished: String) throws(DatasetError) -> Bool {
    let writer = try GoldenWriter(unfinished + "/golden", like: known)
    for n in head.frames.numbers {
      isStopped = shouldStop()
      guard !isStopped else { return false }
      let before = try known.frame(n)
      var after = try renderer.frame(n)
      var named = after
      named.parameters += renderer.files
      var result = comparer.compare(before, named)
      after.instancePixels = nil
      let words = ["diorama", "render", path, "--first", "\(n)", "--frames", "1"] + head.options + ["--out", "FOLDER"]
      result.command = words.map(shellWord).joined(separator: " ")
      try comparison.add(result, before, after)
      try writer.add(after, known: before)
    }
    compareHeads(head.header, renderer.header, &comparison)
    comparison.finish()
    guard !comparison.frames.isEmpty || !comparison.differences.isEmpty else { return false }
    var own = head
    own.header = renderer.header
    own.parameters = renderer.files
    own.scene = RelativePath.from(known.folder, to: path)
    try writer.finish(own)
    try GoldenWriter.write(Array(comparison.page.utf8), unfinished + "/report.html")
    let note = Node.object([("against", Node(.string(known.digest.description)))])
    try GoldenWriter.write(Array(note.laidOutJSON().utf8), unfinished + "/check.json")
    // What an earlier check left makes room.
    if FileSystem.isFolder(target) {
      try DatasetError.files { () throws(FileError) in try FileSystem.rename(target, to: old) }
    }
    return true
  }

  let isKept = try withUnfinishedFolder(target, run)
  if !isKept, !isStopped { FileSystem.removeTree(target) }
  return GoldenCheck(comparison: comparison, scene: path, folder: isKept ? target : nil, isStopped: isStopped)
}

func categoryNames(_ header: DatasetHeader) -> [Int: String] {
  Dictionary(header.categories.map { ($0.id, $0.name) }) { a, _ in a }
}

/// What two sets say of all their frames. Classes that any frame has told of are not told of again.
func compareHeads(_ a: DatasetHeader, _ b: DatasetHeader, _ comparison: inout Comparison) {
  let isTold = comparison.frames.contains { $0.differences.contains { $0.kind == .category } }
  for id in Set(a.categories.map(\.id) + b.categories.map(\.id)).sorted() {
    let (x, y) = (a.categories.first { $0.id == id }, b.categories.first { $0.id == id })
    guard x != y else { continue }
    guard let x, let y else {
      let what = x.map { "class \(id) \"\($0.name)\" is not there any more" }
      comparison.differences.append(
        Difference(.category, "semantic", [], what ?? "class \(id) \"\(y?.name ?? "")\" was not there before"))
      continue
    }
    if x.name != y.name {
      if !isTold {
        comparison.differences.append(
          Difference(.category, "semantic", [], "class \(id) renamed: \"\(x.name)\" -> \"\(y.name)\"", degree: 1))
      }
    } else {
      comparison.differences.append(
        Difference(.category, "semantic", [], "class \(id) \"\(x.name)\" has another superclass, kind or list of parts")
      )
    }
  }
  if a.renderVersion != b.renderVersion {
    comparison.notes.append("render version \(a.renderVersion) -> \(b.renderVersion)")
  }
  if a.sceneDigest != b.sceneDigest {
    comparison.notes.append(
      comparison.frames.isEmpty && comparison.differences.isEmpty
        ? "the scene or its files have changed, without effect on these frames" : "the scene or its files have changed")
  }
}
