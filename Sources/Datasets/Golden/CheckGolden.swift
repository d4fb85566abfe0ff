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
  /// Where the report and what was rendered lie; nil where nothing differs and nothing is noted.
  public var folder: String?
  public var isStopped = false
}

/// Where a check leaves what it found: beside the golden, not in it.
public func checkFolder(of golden: String) -> String { golden.withoutSlashes + checkSuffix }

/// Names that no golden has.
let checkSuffix = "-check"

/// Renders a golden's frames again and compares.
///
/// Where anything differs, also within the tolerance or in what is only noted (render version, digest of the scene),
/// `checkFolder` gets `report.html` and `golden/`, which `acceptGolden` can put in the golden's place. Where nothing does, what
/// an earlier check left there goes.
///
/// - Parameter scene: in place of the scene's file that the golden names.
public func checkGolden(
  _ golden: String, scene: String? = nil, tolerance: Tolerance = .exact, threads: Int = 1,
  shouldStop: () -> Bool = { false }
) throws(DatasetError) -> GoldenCheck {
  let known = try GoldenFolder(golden.withoutSlashes)
  let head = known.head
  for name in tolerance.planes.keys.sorted() {
    guard let plane = head.header.planes.first(where: { $0.name == name }) else {
      throw .refused("the tolerance names a plane \"\(name)\", which the golden does not have")
    }
    guard plane.description.file == .png else {
      throw .refused(
        "the tolerance names a plane \"\(name)\", of whose floats a golden has digests alone: they are equal or not")
    }
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
    // Notes count too: what is only noted of the golden's head would be noted for ever if it could not be accepted.
    guard !comparison.frames.isEmpty || !comparison.differences.isEmpty || !comparison.notes.isEmpty else {
      return false
    }
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

/// What two states of a class that keeps its name do not have alike.
private func changes(_ a: Stage.Category, _ b: Stage.Category) -> [String] {
  var list: [String] = []
  if a.supercategory != b.supercategory {
    list.append("superclass (\"\(a.supercategory)\" -> \"\(b.supercategory)\")")
  }
  if a.isStuff != b.isStuff { list.append("kind (\(a.isStuff ? "stuff -> thing" : "thing -> stuff"))") }
  if a.parts != b.parts { list.append("list of parts") }
  if a.keypoints != b.keypoints { list.append("list of keypoints") }
  if a.skeleton != b.skeleton { list.append("skeleton") }
  if a.flip != b.flip { list.append("order of flipped keypoints") }
  return list.isEmpty ? ["description"] : list
}

/// What samples and values mean: two planes of equal codes are not alike if they count in other units. Planes that any frame
/// has told to be missing are not told of again.
private func compareAnnotations(_ a: DatasetHeader, _ b: DatasetHeader, _ comparison: inout Comparison) {
  let told = Set(comparison.frames.flatMap { $0.differences.filter { $0.kind == .form }.map(\.plane) })
  for x in a.annotations {
    guard let y = b.annotations.first(where: { $0.name == x.name }) else {
      if !told.contains(x.name) {
        comparison.differences.append(
          Difference(.form, x.name, [], "the annotation is not there any more", degree: 1))
      }
      continue
    }
    for what in changes(x, y) { comparison.differences.append(Difference(.form, x.name, [], what, degree: 0.5)) }
  }
  for y in b.annotations where !told.contains(y.name) && !a.annotations.contains(where: { $0.name == y.name }) {
    comparison.differences.append(Difference(.form, y.name, [], "the annotation was not there before"))
  }
}

private func changes(_ a: AnnotationDescription, _ b: AnnotationDescription) -> [String] {
  guard !a.agrees(with: b) else { return [] }
  var list: [String] = []
  if a.options != b.options { list.append("options \"\(a.options)\" -> \"\(b.options)\"") }
  guard let x = a.plane, let y = b.plane else { return list.isEmpty ? ["it has or has no plane"] : list }
  func compare<V: Equatable>(_ name: String, _ p: V, _ q: V) { if p != q { list.append("\(name) \(p) -> \(q)") } }
  compare("file", x.file.rawValue, y.file.rawValue)
  compare("channels", x.channels.joined(), y.channels.joined())
  compare("bits", x.bits, y.bits)
  compare("scale", x.scale, y.scale)
  compare("offset", x.offset, y.offset)
  compare("unit", x.unit, y.unit)
  compare("flag channels", x.flagChannels, y.flagChannels)
  compare("smooth", x.isSmooth, y.isSmooth)
  return list
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
      let what = changes(x, y).joined(separator: ", ")
      comparison.differences.append(
        Difference(.category, "semantic", [], "class \(id) \"\(x.name)\" has another \(what)"))
    }
  }
  compareAnnotations(a, b, &comparison)
  if a.renderVersion != b.renderVersion {
    comparison.notes.append("render version \(a.renderVersion) -> \(b.renderVersion)")
  }
  if a.sceneDigest != b.sceneDigest {
    comparison.notes.append(
      comparison.frames.isEmpty && comparison.differences.isEmpty
        ? "the scene or its files have changed, without effect on these frames" : "the scene or its files have changed")
  }
}
