// golden.json: what a golden was recorded from, and what its numbers mean. Its last member, like that of every JSON file of a
// golden, is a digest of all others: of their canonical form, so that only their values matter.

import Documents
import Formats
import Imaging

struct GoldenHead: Sendable {
  static let version = 2
  static let file = "golden.json"

  /// The way from the golden's folder to the scene.
  var scene: String
  /// What was asked for in place of what the scene says.
  var seed: UInt64?
  var size: [Int]?
  var annotations: [String]?
  var frames: FrameList
  /// As a dataset of these frames would describe itself: classes, annotations, how planes are stored.
  var header: DatasetHeader
  /// Values that all frames have alike, and the digests of the files that the scene names.
  var parameters: [SceneParameter]

  /// The options of `render` and `record` that say the same.
  var options: [String] {
    var words: [String] = []
    if let seed { words += ["--seed", "\(seed)"] }
    if let size { words += ["--size", "\(size[0])x\(size[1])"] }
    if let annotations { words += ["--annotations", annotations.joined(separator: ",")] }
    return words
  }

  var text: String {
    func list(_ items: [Node]?) -> Node { items.map { Node(.sequence($0)) } ?? Node(.null) }
    let dataset = header.json.withUnsafeBufferPointer { b in (try? JSONReader.tree(b)) ?? Node(.null) }
    return GoldenFile.sealed([
      ("format", Node(.string("diorama golden"))),
      ("version", Node(.integer(GoldenHead.version))),
      ("scene", Node(.string(scene))),
      // As text: JSON readers keep whole numbers to 2^53 only.
      ("seed", seed.map { Node(.string("\($0)")) } ?? Node(.null)),
      ("size", list(size?.map { Node(.integer($0)) })),
      ("annotations", list(annotations?.map { Node(.string($0)) })),
      ("frames", Node(.string(frames.description))),
      ("dataset", dataset),
      ("parameters", Node.object(parameters.map { ($0.path, $0.value) })),
    ])
  }

  init(
    scene: String, seed: UInt64?, size: [Int]?, annotations: [String]?, frames: FrameList, header: DatasetHeader,
    parameters: [SceneParameter]
  ) {
    (self.scene, self.seed, self.size, self.annotations) = (scene, seed, size, annotations)
    (self.frames, self.header, self.parameters) = (frames, header, parameters)
  }

  init(folder: String) throws(DatasetError) {
    let file = GoldenFile(path: folder + "/" + GoldenHead.file)
    let root = try file.read()
    guard root["format"]?.text == "diorama golden", root["version"] == Node(.integer(GoldenHead.version)) else {
      throw file.damage("found no golden of version \(GoldenHead.version), expected one; record it anew")
    }
    try file.checkSeal(root)
    scene = try file.text(root, "scene")
    if let node = root["seed"], !node.isNull {
      guard let n = node.text.flatMap({ UInt64($0) }) else {
        throw file.damage("seed: found \(node.found), expected a seed")
      }
      seed = n
    }
    if let node = root["size"], !node.isNull {
      guard case .sequence(let sides) = node.content, sides.count == 2,
        case .integer(let w) = sides[0].content, case .integer(let h) = sides[1].content,
        (1...32768).contains(w), (1...32768).contains(h)
      else { throw file.damage("size: found \(node.found), expected a width and a height") }
      size = [w, h]
    }
    if let node = root["annotations"], !node.isNull {
      guard case .sequence(let names) = node.content else {
        throw file.damage("annotations: found \(node.found), expected a list of names")
      }
      annotations = names.compactMap(\.text)
    }
    guard let list = FrameList(try file.text(root, "frames")) else {
      throw file.damage("frames: expected a list such as 0,7,100-120")
    }
    frames = list
    guard let dataset = root["dataset"] else { throw file.damage("found no \"dataset\", expected one") }
    do { header = try DatasetHeader(json: Array(dataset.json.utf8)) } catch {
      throw file.damage("dataset: \(error)")
    }
    parameters = try file.parameters(root)
  }
}

/// A JSON file of a golden.
struct GoldenFile {
  var path: String

  func damage(_ what: String) -> DatasetError { .damaged(file: path, what) }

  func read() throws(DatasetError) -> Node {
    guard FileSystem.size(of: path) != nil else { throw damage("found no such file, expected one of the golden's") }
    let bytes = try DatasetError.files { () throws(FileError) in try FileSystem.read(path) }
    do { return try bytes.withUnsafeBufferPointer { b throws(JSONError) in try JSONReader.tree(b) } } catch {
      throw damage("\(error)")
    }
  }

  /// The text of a file with these members and a digest of them.
  static func sealed(_ members: [(String, Node)]) -> String {
    let root = Node.object(members)
    // As it is read again: numbers that are written alike are one.
    let again = Array(root.json.utf8).withUnsafeBufferPointer { b in (try? JSONReader.tree(b)) ?? root }
    return Node.object(members + [("digest", Node(.string(Digest(of: again.json).description)))]).laidOutJSON()
  }

  /// - Throws: `.damaged` where what was read is not what was written.
  func checkSeal(_ root: Node) throws(DatasetError) {
    guard case .mapping(let members) = root.content else { throw damage("found \(root.found), expected an object") }
    let others = Node.object(members.filter { $0.key != "digest" }.map { ($0.key, $0.value) })
    guard Digest(of: others.json) == (try digest(root, "digest")) else {
      throw damage("found other values than their digest says: the golden is damaged or edited")
    }
  }

  func text(_ node: Node, _ key: String) throws(DatasetError) -> String {
    guard let text = node[key]?.text else {
      throw damage("\(key): found \(node[key]?.found ?? "nothing"), expected a text")
    }
    return text
  }

  func digest(_ node: Node, _ key: String) throws(DatasetError) -> Digest {
    guard let digest = Digest(hexadecimal: try text(node, key)) else {
      throw damage("\(key): found no digest, expected 32 hexadecimal digits")
    }
    return digest
  }

  func parameters(_ node: Node) throws(DatasetError) -> [SceneParameter] {
    guard case .mapping(let members)? = node["parameters"]?.content else {
      throw damage("parameters: found \(node["parameters"]?.found ?? "nothing"), expected a mapping")
    }
    return members.map { SceneParameter(path: $0.key, value: $0.value) }
  }
}

extension Node {
  static func object(_ members: [(String, Node)]) -> Node {
    Node(.mapping(members.map { Member(key: $0.0, keyMark: .none, value: $0.1) }))
  }

  /// The value where it is a text.
  var text: String? {
    if case .string(let s) = content { return s }
    return nil
  }
}
