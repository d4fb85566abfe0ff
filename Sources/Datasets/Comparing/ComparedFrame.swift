// A frame as comparisons see it, wherever it comes from: a golden, a dataset, a picture, or just rendered.

import Annotators
import Documents
import Imaging

struct ComparedFrame: Sendable {
  var frame: Int
  /// The record's values as a tree, without `source`, `labels` and `planes`, which say what the frame was made from and how
  /// its files lie; nil for a picture alone.
  var labels: Node?
  var planes: [ComparedPlane]
  /// By instance id, the digests of its pixels in each plane. Made from the planes where nil.
  var instancePixels: [Int: [String: Digest]]?
  /// The concrete scene of the frame: what a change may have come from.
  var parameters: [SceneParameter] = []
}

struct ComparedPlane: Sendable {
  var description: PlaneDescription
  var digest: Digest
  /// Its values; nil where only their digest and a picture of them are kept.
  var image: PlaneImage?
  /// What people see of it, 8-bit RGB.
  var picture: RasterImage?

  var name: String { description.name }

  init(_ description: PlaneDescription, _ image: PlaneImage) {
    self.description = description
    self.image = image.asRaster
    digest = image.digest
    picture = description.name == "rgb" ? nil : Datasets.picture(of: image, description)
  }

  init(_ description: PlaneDescription, digest: Digest, image: PlaneImage?, picture: RasterImage?) {
    (self.description, self.digest, self.image, self.picture) = (description, digest, image, picture)
  }

  /// What people see of it.
  var shown: RasterImage? {
    if let picture { return picture }
    guard case .raster(let r)? = image else { return nil }
    if r.channels == 3, r.bitDepth == 8 { return r }
    return image.flatMap { Datasets.picture(of: $0, description) }
  }
}

extension PlaneImage {
  /// Planes of whole numbers as images of one channel, so that a plane just made and one that was read are of one kind.
  var asRaster: PlaneImage {
    switch self {
    case .eight(let p):
      .raster(RasterImage(width: p.width, height: p.height, channels: 1, samples: .eight(p.values)))
    case .sixteen(let p):
      .raster(RasterImage(width: p.width, height: p.height, channels: 1, samples: .sixteen(p.values)))
    default: self
    }
  }

  /// Its samples as bytes, little-endian, and how many a pixel has: the bytes that digests are of.
  var sampleBytes: (bytes: [UInt8], step: Int) {
    func pairs(_ s: [UInt16]) -> [UInt8] { s.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] } }
    switch self {
    case .eight(let p): return (p.values, 1)
    case .sixteen(let p): return (pairs(p.values), 2)
    case .raster(let i):
      switch i.samples {
      case .eight(let s): return (s, i.channels)
      case .sixteen(let s): return (pairs(s), 2 * i.channels)
      }
    case .floats(let f):
      let bytes = f.samples.flatMap { v -> [UInt8] in
        let b = v.bitPattern
        return [
          UInt8(truncatingIfNeeded: b), UInt8(truncatingIfNeeded: b >> 8), UInt8(truncatingIfNeeded: b >> 16),
          UInt8(truncatingIfNeeded: b >> 24),
        ]
      }
      return (bytes, 4 * f.channels)
    }
  }
}

// MARK: - Instances

/// What comparisons ask of an instance's values.
struct ComparedInstance {
  let node: Node
  let id: Int
  let name: String
  let category: Int

  init?(_ node: Node) {
    guard case .integer(let id)? = node["id"]?.content, case .integer(let category)? = node["category"]?.content,
      case .string(let name)? = node["name"]?.content
    else { return nil }
    (self.node, self.id, self.name, self.category) = (node, id, name, category)
  }

  func mask(width: Int, height: Int) -> RunLengthMask? {
    guard case .string(let rle)? = node["rle"]?.content else { return nil }
    return RunLengthMask(CompressedMask(bytes: Array(rle.utf8)), width: width, height: height)
  }

  /// All that it is but who it is: equal for the same thing under another number and name.
  var content: String {
    guard case .mapping(let members) = node.content else { return "" }
    return Node(.mapping(members.filter { $0.key != "id" && $0.key != "name" })).json
  }
}

extension ComparedFrame {
  var instances: [ComparedInstance] {
    guard case .sequence(let items)? = labels?["instances"]?.content else { return [] }
    return items.compactMap(ComparedInstance.init)
  }

  var size: (width: Int, height: Int)? {
    guard let w = labels?["width"]?.number, let h = labels?["height"]?.number else { return nil }
    return (Int(w), Int(h))
  }

  /// The id of the instance that owns each pixel, 0 for none; nil where there are no labels.
  var owners: [Int32]? {
    guard let size else { return nil }
    var owners = [Int32](repeating: 0, count: size.width * size.height)
    for instance in instances {
      guard let mask = instance.mask(width: size.width, height: size.height) else { continue }
      var at = 0
      for (i, count) in mask.counts.enumerated() {
        if i & 1 == 1 {
          for k in at..<at + Int(count) {
            owners[k % size.height * size.width + k / size.height] = Int32(truncatingIfNeeded: instance.id)
          }
        }
        at += Int(count)
      }
    }
    return owners
  }

  /// Digests of the pixels that each instance owns, in each plane: what tells who changed where the planes themselves are not
  /// kept.
  func pixelDigests() -> [Int: [String: Digest]] {
    guard let owners else { return [:] }
    var places: [Int32: [Int]] = [:]
    for (k, id) in owners.enumerated() where id != 0 { places[id, default: []].append(k) }
    var found: [Int: [String: Digest]] = [:]
    for plane in planes {
      guard let (bytes, step) = plane.image?.sampleBytes, bytes.count == owners.count * step else { continue }
      for (id, pixels) in places {
        var own: [UInt8] = []
        own.reserveCapacity(pixels.count * step)
        for k in pixels { own.append(contentsOf: bytes[k * step..<(k + 1) * step]) }
        found[Int(id), default: [:]][plane.name] = Digest(of: own)
      }
    }
    return found
  }
}

/// A record's values as a tree, without what says how the frame was made and how its files lie.
func labelTree(_ record: FrameRecord) throws(DatasetError) -> Node {
  var w = JSONWriter()
  record.write(to: &w)
  do {
    var node = try w.bytes.withUnsafeBufferPointer { b throws(JSONError) in try JSONReader.tree(b) }
    guard case .mapping(let members) = node.content else { return node }
    node.content = .mapping(members.filter { !["source", "labels", "planes"].contains($0.key) })
    return node
  } catch { throw .frame(record.frame, "its record cannot be read back: \(error)") }
}
