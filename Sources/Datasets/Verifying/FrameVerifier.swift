import Annotators
import Formats
import Geometry
import Imaging
import Rasterization
import Stage

/// Verifies one frame. Each part is passed over where the dataset does not hold what it takes.
struct FrameVerifier {
  let record: FrameRecord
  let header: DatasetHeader
  private let folder: String
  private let dataset: Dataset
  /// The record of the frame before in the same sequence, where the dataset holds it.
  let earlier: FrameRecord?
  private(set) var disagreements: [Disagreement] = []
  private(set) var planes: [String: PlaneImage] = [:]
  /// Visible and amodal pixels of the instances, in their order; nil where the run lengths are no good.
  private(set) var masks: [Plane<UInt8>?] = []
  /// Instance ids by pixel, from the planes that there are.
  private(set) var ids: [UInt32]?

  init(_ record: FrameRecord, _ dataset: Dataset, earlier: FrameRecord? = nil) {
    self.record = record
    self.dataset = dataset
    self.earlier = earlier
    header = dataset.header
    folder = dataset.folder
  }

  mutating func note(_ what: String, _ instance: UInt32? = nil) {
    disagreements.append(Disagreement(frame: record.frame, instance: instance, what: what))
  }

  /// Notes what differs, where it does.
  mutating func expect<V: Equatable>(_ found: V, _ expected: V, _ what: String, _ instance: UInt32? = nil) {
    if found != expected { note("\(what): the record says \(found), the planes \(expected)", instance) }
  }

  mutating func run() {
    readPlanes()
    verifyCore()
    verifyIdentities()
    verifyAmodal()
    verifyGeometry()
    verifySurfaces()
    verifyPoints()
    verifyImage()
    verifyTracks()
    if let earlier { verifyMotion(from: FrameVerifier(loading: earlier, dataset)) }
    verifyEnds()
  }

  /// The planes that motion is told from, to hold others against; what is wrong with them is told by the frame's own verifier.
  private init(loading record: FrameRecord, _ dataset: Dataset) {
    self.init(record, dataset)
    let flows = ["flow_forward", "flow_backward"]
    if header.planes.contains(where: { flows.contains($0.name) }) {
      readPlanes(["instance", "instance32", "flow_forward"])
    }
    readIDs()
    disagreements = []
  }

  /// All of a plane's values, scaled.
  func values(_ name: String) -> [Double]? {
    guard let image = planes[name], let d = description(name) else { return nil }
    return d.values(image)
  }

  func description(_ name: String) -> PlaneDescription? { header.annotations.first { $0.name == name }?.plane }

  /// Whether small objects were left out of the records.
  var isComplete: Bool { !header.annotations.contains { $0.name == "boxes" && !$0.options.isEmpty } }

  // MARK: - Files

  /// - Parameter wanted: the planes to decode; nil for all.
  private mutating func readPlanes(_ wanted: Set<String>? = nil) {
    var archive: TarIndex?
    let kinds = header.planes
    for kind in kinds where record.plane(kind.name) == nil { note("the record has no plane \(kind.name)") }
    for plane in record.planes where wanted?.contains(plane.name) ?? true {
      guard let kind = kinds.first(where: { $0.name == plane.name }) else {
        note("a plane \(plane.name) that the dataset's head does not name")
        continue
      }
      do {
        let image = try kind.description.decode(try Dataset.read(plane, in: folder, archive: &archive))
        if image.digest != plane.digest { note("\(plane.file): other pixels than the record's digest says") }
        if image.size != (record.width, record.height) {
          note("\(plane.file): found \(image.size.width)x\(image.size.height) pixels")
        } else if kind.description.values(image) == nil {
          note("\(plane.file): other channels or bits than the dataset's head says")
        } else {
          planes[plane.name] = image
        }
      } catch { note("\(plane.file): \(error)") }
    }
  }

  // MARK: - Masks and boxes

  private mutating func verifyCore() {
    var owner = [UInt32](repeating: 0, count: record.width * record.height)
    var seen: Set<UInt32> = []
    for instance in record.instances {
      if instance.id == 0 || !seen.insert(instance.id).inserted { note("an id that is not its own", instance.id) }
      if !header.categories.contains(where: { $0.id == instance.category }) {
        note("category \(instance.category), which the dataset does not have", instance.id)
      }
      guard let runs = RunLengthMask(instance.mask, width: record.width, height: record.height) else {
        note("run lengths that do not fill the image", instance.id)
        masks.append(nil)
        continue
      }
      expect(instance.visiblePixels, runs.area, "visible pixels", instance.id)
      expect(instance.box, runs.box, "box", instance.id)
      if let box = instance.values.orientedBox {
        let again = OrientedBox2D(around: runs)
        if box != again { note("oriented box: \(text(box)) is not that of the mask, \(text(again))", instance.id) }
      }
      let plane = runs.plane
      masks.append(plane)
      for k in plane.values.indices where plane.values[k] == 1 {
        if owner[k] != 0 {
          note("its mask overlaps that of instance \(owner[k])", instance.id)
          break
        }
        owner[k] = instance.id
      }
    }
  }

  private func text(_ b: OrientedBox2D?) -> String {
    b.map { "[\($0.center.x), \($0.center.y), \($0.size.x), \($0.size.y), \($0.angle)]" } ?? "null"
  }

  // MARK: - Planes of ids

  /// The id of pixel `k` of an RGB plane.
  private static func id(_ v: [Double], _ k: Int) -> UInt32 {
    let (r, g, b) = (v[3 * k], v[3 * k + 1], v[3 * k + 2])
    return UInt32(r) + UInt32(g) << 8 + UInt32(b) << 16
  }

  private mutating func readIDs() {
    if let v = values("instance") { ids = v.map { UInt32($0) } }
    if let v = values("instance32") {
      let wide = (0..<v.count / 3).map { FrameVerifier.id(v, $0) }
      if let ids, ids != wide { note("the planes instance and instance32 differ") }
      ids = ids ?? wide
    }
  }

  private mutating func verifyIdentities() {
    readIDs()
    guard let ids else { return }
    var category: [UInt32: Int] = [:]
    for (i, instance) in record.instances.enumerated() {
      category[instance.id] = instance.category
      guard let mask = masks[i] else { continue }
      let wrong = ids.indices.count { (ids[$0] == instance.id) != (mask.values[$0] == 1) }
      if wrong > 0 { note("its mask and the instance plane differ at \(wrong) pixels", instance.id) }
    }
    let unlisted = Set(ids).subtracting(category.keys).subtracting([0])
    if isComplete { for id in unlisted.sorted() { note("pixels in the instance plane, but no record", id) } }
    if let semantic = values("semantic") {
      let wrong = ids.indices.filter {
        unlisted.contains(ids[$0]) ? false : Int(semantic[$0]) != category[ids[$0]] ?? 0
      }
      if let first = wrong.first {
        note("the semantic plane differs from the instances' categories at \(wrong.count) pixels", ids[first])
      }
    }
    verifySegments(ids, category, unlisted)
    verifyParts(ids)
    if let materials = record.materials, let v = values("material") {
      var wrong: Set<UInt32> = []
      for (k, id) in v.enumerated() {
        let n = Int(id)
        if n > materials.count || (n > 0 ? !materials[n - 1].users.contains { $0.instance == ids[k] } : ids[k] != 0) {
          wrong.insert(ids[k])
        }
      }
      for id in wrong.sorted() { note("materials that are not its own in the material plane", id) }
    }
  }

  private mutating func verifySegments(_ ids: [UInt32], _ category: [UInt32: Int], _ unlisted: Set<UInt32>) {
    guard let segments = record.segments, let v = values("panoptic") else { return }
    let stuff = Set(header.categories.filter(\.isStuff).map(\.id))
    var pixels: [UInt32: Int] = [:]
    var wrong = 0
    var bounds: [UInt32: SIMD4<Int>] = [:]
    for k in ids.indices {
      let id = FrameVerifier.id(v, k)
      pixels[id, default: 0] += 1
      let (x, y) = (k % record.width, k / record.width)
      let old = bounds[id] ?? SIMD4(x, y, x + 1, y + 1)
      bounds[id] = SIMD4(min(old.x, x), min(old.y, y), max(old.z, x + 1), max(old.w, y + 1))
      if unlisted.contains(ids[k]) { continue }
      let c = category[ids[k]] ?? 0
      if id != (stuff.contains(c) ? 1 << 23 + UInt32(c) : ids[k]) { wrong += 1 }
    }
    if wrong > 0 { note("the panoptic plane differs from the instances at \(wrong) pixels") }
    pixels[0] = nil
    expect(segments.map(\.id), pixels.keys.sorted(), "panoptic segments")
    for s in segments {
      expect(s.pixels, pixels[s.id] ?? 0, "pixels of panoptic segment \(s.id)")
      let b = bounds[s.id].map { PixelBox(x: $0.x, y: $0.y, width: $0.z - $0.x, height: $0.w - $0.y) }
      expect(s.box, b ?? s.box, "box of panoptic segment \(s.id)")
    }
  }

  private mutating func verifyParts(_ ids: [UInt32]) {
    guard let v = values("part") else { return }
    for instance in record.instances {
      guard let parts = instance.values.parts else { continue }
      var pixels: [Int: Int] = [:]
      for k in ids.indices where ids[k] == instance.id && v[k] > 0 { pixels[Int(v[k]), default: 0] += 1 }
      expect(parts.map(\.part), pixels.keys.sorted(), "parts", instance.id)
      for p in parts {
        expect(p.pixels, pixels[p.part] ?? 0, "pixels of part \(p.part)", instance.id)
        guard let runs = RunLengthMask(p.mask, width: record.width, height: record.height) else {
          note("run lengths of part \(p.part) that do not fill the image", instance.id)
          continue
        }
        expect(p.box, runs.box ?? p.box, "box of part \(p.part)", instance.id)
        let plane = runs.plane
        let wrong = ids.indices.count {
          (ids[$0] == instance.id && Int(v[$0]) == p.part) != (plane.values[$0] == 1)
        }
        if wrong > 0 { note("the mask of part \(p.part) and the part plane differ at \(wrong) pixels", instance.id) }
      }
    }
  }

  // MARK: - What is hidden

  private mutating func verifyAmodal() {
    for (i, instance) in record.instances.enumerated() {
      let own = instance.values
      var amodal: Plane<UInt8>?
      if let compressed = own.amodalMask {
        guard let runs = RunLengthMask(compressed, width: record.width, height: record.height) else {
          note("amodal run lengths that do not fill the image", instance.id)
          continue
        }
        if let box = own.amodalBox { expect(box, runs.box, "amodal box", instance.id) }
        if let v = own.visibility { expect(v.amodalPixels, runs.area, "amodal pixels", instance.id) }
        let plane = runs.plane
        amodal = plane
        if let visible = masks[i], !zip(visible.values, plane.values).allSatisfy({ $0 <= $1 }) {
          note("visible pixels that are not amodal ones", instance.id)
        }
      }
      if let v = own.visibility {
        let again = VisibilityRecord(
          visible: instance.visiblePixels, amodal: v.amodalPixels, unbounded: v.unboundedPixels,
          isEndless: v.unboundedPixels == nil && !(record.camera.isBent && v.truncation == nil))
        if v != again { note("visibility or truncation does not follow from its counts", instance.id) }
        if let n = v.unboundedPixels, n < v.amodalPixels { note("fewer pixels in all than in the image", instance.id) }
        if v.amodalPixels < instance.visiblePixels { note("fewer amodal than visible pixels", instance.id) }
      }
      if let cut = own.amodalBox ?? nil, let full = own.fullBox ?? nil {
        if full.x > cut.x || full.y > cut.y || full.x + full.width < cut.x + cut.width
          || full.y + full.height < cut.y + cut.height
        {
          note("an amodal box that reaches out of the whole one", instance.id)
        }
      }
      guard let occluders = own.occluders else { continue }
      if let amodal, let ids, let visible = masks[i] {
        var hidden: [UInt32: Int] = [:]
        for k in ids.indices where amodal.values[k] == 1 && visible.values[k] == 0 { hidden[ids[k], default: 0] += 1 }
        let again = hidden.map { OccluderRecord(id: $0.key, pixels: $0.value) }.sorted { $0.id < $1.id }
        if occluders != again { note("others hide it than the planes say", instance.id) }
      } else if let v = own.visibility {
        expect(
          occluders.reduce(0) { $0 + $1.pixels }, v.amodalPixels - instance.visiblePixels, "hidden pixels", instance.id)
      }
    }
  }

  // MARK: - The image as a whole

  private mutating func verifyImage() {
    guard let image = record.image, isComplete else { return }
    for c in image.counts {
      let own = record.instances.filter { $0.category == c.category }
      expect(c.all, own.count, "objects of category \(c.category)")
      expect(c.visible, own.count { $0.visiblePixels > 0 }, "visible objects of category \(c.category)")
    }
    expect(image.classes, image.counts.filter { $0.visible > 0 }.map(\.category), "classes")
  }
}
