// A golden: small enough for version control, and legible in its diffs.
//
//     golden.json              what it was recorded from, classes, annotations, the values that all frames have alike
//     000007.json              a frame: digests of its planes and of each instance's pixels in them, the values of its record,
//                              and the values of its concrete scene that not all frames have alike
//     000007.rgb.png           the plane's pixels, all planes of whole numbers likewise; the file's bytes do not matter
//     000007.uv.picture.png    what people see of a plane of floats, of which the golden knows digests alone
//
// Digests are of decoded samples and of canonical values. What is read is held against them: a golden of which a value or a
// plane's pixels were edited by hand is refused. How its JSON is laid out, and the pictures of floats, are for people alone.

import Annotators
import Documents
import Formats
import ImageCoding
import Imaging

/// A golden, for reading.
struct GoldenFolder: Sendable {
  let folder: String
  let head: GoldenHead
  /// Of golden.json: which state of the golden this is.
  let digest: Digest

  init(_ folder: String) throws(DatasetError) {
    self.folder = folder
    let path = folder + "/" + GoldenHead.file
    guard FileSystem.size(of: path) != nil else {
      throw .refused(
        "\(folder): found no golden there, expected one; `diorama golden record SCENE --frames 0-3 --out \(folder)` records it"
      )
    }
    head = try GoldenHead(folder: folder)
    digest = Digest(of: try DatasetError.files { () throws(FileError) in try FileSystem.read(path) })
  }

  static func frameFile(_ frame: Int) -> String { sixDigits(frame) + ".json" }

  static func planeFile(_ frame: Int, _ plane: PlaneDescription) -> String {
    "\(sixDigits(frame)).\(plane.name)" + (plane.file == .png ? ".png" : ".picture.png")
  }

  func frame(_ number: Int) throws(DatasetError) -> ComparedFrame {
    let file = GoldenFile(path: folder + "/" + GoldenFolder.frameFile(number))
    let root = try file.read()
    guard root["frame"] == Node(.integer(number)), let labels = root["labels"] else {
      throw file.damage("found another frame or no labels, expected those of frame \(number)")
    }
    try file.checkSeal(root)
    guard case .sequence(let items)? = root["planes"]?.content else {
      throw file.damage("planes: found \(root["planes"]?.found ?? "nothing"), expected a list")
    }
    var planes: [ComparedPlane] = []
    var pixels: [Int: [String: Digest]] = [:]
    for item in items {
      let name = try file.text(item, "name")
      guard let description = head.header.annotations.first(where: { $0.plane?.name == name })?.plane else {
        throw file.damage("found a plane \"\(name)\", which golden.json does not describe")
      }
      planes.append(try plane(description, try file.digest(item, "digest"), number))
      guard case .mapping(let members)? = item["instances"]?.content else { continue }
      for m in members {
        guard let id = Int(m.key), let digest = m.value.text.flatMap({ Digest(hexadecimal: $0) }) else {
          throw file.damage("planes: instances: found \(m.key), expected ids and digests")
        }
        pixels[id, default: [:]][name] = digest
      }
    }
    return ComparedFrame(
      frame: number, labels: labels, planes: planes, instancePixels: pixels,
      parameters: try file.parameters(root) + head.parameters)
  }

  private func plane(
    _ description: PlaneDescription, _ digest: Digest, _ number: Int
  ) throws(DatasetError) -> ComparedPlane {
    let path = folder + "/" + GoldenFolder.planeFile(number, description)
    guard FileSystem.size(of: path) != nil else {
      throw .damaged(file: path, "found no such file, expected one of the golden's")
    }
    let bytes = try DatasetError.files { () throws(FileError) in try FileSystem.read(path) }
    let image: RasterImage
    do { image = try decodePNG(bytes) } catch { throw .damaged(file: path, "\(error)") }
    guard description.file == .png else {
      return ComparedPlane(description, digest: digest, image: nil, picture: image)
    }
    let plane = ComparedPlane(description, .raster(image))
    guard plane.digest == digest else {
      throw .damaged(file: path, "found other pixels than the frame's digest says: the golden is damaged or edited")
    }
    return plane
  }
}

/// Writes a golden into a folder that is to get its name when it is whole.
final class GoldenWriter {
  private let folder: String
  /// A golden whose files may be taken over for planes that are alike.
  private let model: GoldenFolder?
  private let encoder: PNGEncoder
  private var frames: [(frame: ComparedFrame, pixels: [Int: [String: Digest]])] = []

  init(_ folder: String, like model: GoldenFolder? = nil) throws(DatasetError) {
    (self.folder, self.model) = (folder, model)
    do { encoder = try PNGEncoder(effort: .small) } catch { throw .refused("\(error)") }
    try DatasetError.files { () throws(FileError) in try FileSystem.makeFolder(folder) }
  }

  /// - Parameter known: the frame in the model.
  func add(_ frame: ComparedFrame, known: ComparedFrame? = nil) throws(DatasetError) {
    for plane in frame.planes {
      let name = GoldenFolder.planeFile(frame.frame, plane.description)
      let path = folder + "/" + name
      if let model, known?.planes.contains(where: { $0.name == plane.name && $0.digest == plane.digest }) == true {
        try DatasetError.files { () throws(FileError) in try FileSystem.linkOrCopy(model.folder + "/" + name, to: path)
        }
        continue
      }
      let bytes: [UInt8]
      do throws(ImageCodingError) {
        if plane.description.file == .png, let image = plane.image {
          try plane.description.encode(image, encoder)
        } else if let picture = plane.shown {
          try encoder.write(picture)
        } else {
          throw .unwritable("there is no picture of such a plane")
        }
        bytes = encoder.withFile { Array($0) }
      } catch { throw .frame(frame.frame, "plane \(plane.name): \(error)") }
      try GoldenWriter.write(bytes, path)
    }
    var kept = frame
    let pixels = frame.pixelDigests()
    for k in kept.planes.indices { (kept.planes[k].image, kept.planes[k].picture) = (nil, nil) }
    frames.append((kept, pixels))
  }

  /// Writes the frames' values and then golden.json.
  ///
  /// - Parameter head: with the values that belong to no frame; those that all frames have alike are added.
  func finish(_ head: GoldenHead) throws(DatasetError) {
    var head = head
    let shared = GoldenWriter.shared(frames.map(\.frame.parameters))
    head.parameters += shared
    let known = Set(shared.map(\.path))
    for (frame, pixels) in frames {
      let planes = frame.planes.map { p in
        Node.object([
          ("name", Node(.string(p.name))), ("digest", Node(.string(p.digest.description))),
          (
            "instances",
            Node.object(
              pixels.keys.sorted().compactMap { id in
                pixels[id]?[p.name].map { ("\(id)", Node(.string($0.description))) }
              })
          ),
        ])
      }
      let labels = frame.labels ?? Node(.null)
      let own = frame.parameters.filter { !known.contains($0.path) }
      let text = GoldenFile.sealed([
        ("frame", Node(.integer(frame.frame))),
        ("planes", Node(.sequence(planes))),
        ("parameters", Node.object(own.map { ($0.path, $0.value) })),
        ("labels", labels),
      ])
      try GoldenWriter.write(Array(text.utf8), folder + "/" + GoldenFolder.frameFile(frame.frame))
    }
    try GoldenWriter.write(Array(head.text.utf8), folder + "/" + GoldenHead.file)
  }

  static func write(_ bytes: [UInt8], _ path: String) throws(DatasetError) {
    try DatasetError.files { () throws(FileError) in
      try bytes.withUnsafeBufferPointer { b throws(FileError) in
        try FileSystem.create(path, UnsafeRawBufferPointer(b), sync: false)
      }
    }
  }

  /// What all lists have alike, in the order of the first.
  private static func shared(_ lists: [[SceneParameter]]) -> [SceneParameter] {
    guard let first = lists.first else { return [] }
    var values = Dictionary(first.map { ($0.path, $0.value.json) }) { a, _ in a }
    for list in lists.dropFirst() {
      let other = Dictionary(list.map { ($0.path, $0.value.json) }) { a, _ in a }
      values = values.filter { other[$0.key] == $0.value }
    }
    return first.filter { values[$0.path] != nil }
  }
}
