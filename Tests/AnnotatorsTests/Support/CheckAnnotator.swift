import Documents
import ImageCoding
import Imaging
import Rasterization
import Stage
import Testing

@testable import Annotators

/// A frame with what a plan makes of it.
struct Annotated {
  var frame: Frame
  var rendered: RenderedFrame
  var record: FrameRecord
  var planes: [String: PlaneImage] = [:]
  var descriptions: [String: PlaneDescription] = [:]

  /// Values of a plane's channels.
  func values(_ name: String) -> [Double] {
    guard let image = planes[name], let d = descriptions[name] else { return [] }
    return d.values(image) ?? []
  }

  func instance(_ name: String) -> InstanceRecord? { record.instances.first { $0.name == name } }
}

let testCategories = [
  Stage.Category(id: 1, name: "thing", parts: ["lid", "body"]), Stage.Category(id: 2, name: "ground", isStuff: true),
  Stage.Category(id: 3, name: "other"),
]

/// Draws a frame and annotates it.
func annotate(
  _ frame: Frame, _ plan: AnnotationPlan, categories: [Stage.Category] = testCategories,
  _ neighbours: SequenceNeighbours = SequenceNeighbours()
) throws -> Annotated {
  let dataset = AnnotatedDataset(categories: categories, depthScale: 0.001)
  let rendered = Rasterizer().render(frame, plan.needs)
  let annotation = FrameAnnotation(plan, dataset)
  try annotation.begin(frame, rendered, neighbours)
  var record = FrameRecord(
    source: Digest(of: "test"), frame: frame.index, width: frame.width, height: frame.height, camera: frame.camera,
    background: frame.background, sun: frame.sun, ambient: frame.ambient, exposure: frame.exposure, depthScale: 0.001,
    planes: [], instances: [])
  try annotation.describe(&record)
  var result = Annotated(frame: frame, rendered: rendered, record: record)
  for a in plan.annotators {
    guard let description = a.plane(of: dataset) else { continue }
    result.descriptions[a.name] = description
    result.planes[a.name] = try a.draw(annotation)
  }
  return result
}

func annotate(_ frame: Frame, _ names: String..., categories: [Stage.Category] = testCategories) throws -> Annotated {
  try annotate(frame, AnnotationPlan(names: names), categories: categories)
}

/// What must hold for every annotator: its manual's sample decodes to itself; its plane is what it says it is, comes back
/// from its file as it went in, and is the same from another workspace that had another frame before; its values come back
/// from a record's line, and another frame's do not stay behind.
func checkAnnotator(_ name: String, _ frames: [Frame], sourceLocation: SourceLocation = #_sourceLocation) throws {
  let plan = try AnnotationPlan(names: [name])
  let found = try #require(plan.annotators.first { $0.name == name }, sourceLocation: sourceLocation)
  let manual = type(of: found).manual
  #expect(!manual.summary.isEmpty && manual.sample.contains(name), sourceLocation: sourceLocation)
  let dataset = AnnotatedDataset(categories: testCategories, depthScale: 0.001)
  let used = FrameAnnotation(plan, dataset)
  let encoder = try PNGEncoder()
  for frame in frames {
    let (earlier, later) = (frame.stirred(by: -1), frame.stirred(by: 1))
    let around = SequenceNeighbours(previous: earlier.seen(), next: later.seen(), first: earlier)
    let alone = try annotate(frame, plan, around)
    let rendered = Rasterizer(threads: 3).render(frame, plan.needs)
    try used.begin(frame, rendered, around)
    var record = alone.record
    record.instances = []
    record.sequence = nil
    (record.segments, record.materials, record.image) = (nil, nil, nil)
    try used.describe(&record)
    #expect(record == alone.record, "\(name): values of a used workspace", sourceLocation: sourceLocation)
    let read = try FrameRecord(line: record.line)
    #expect(read == record, "\(name): the record's line", sourceLocation: sourceLocation)
    guard let description = found.plane(of: dataset) else { continue }
    let image = try found.draw(used)
    #expect(image.digest == alone.planes[name]?.digest, "\(name): a used workspace", sourceLocation: sourceLocation)
    #expect(image.size == (frame.width, frame.height), sourceLocation: sourceLocation)
    let bytes: [UInt8]
    switch (image, description.file) {
    case (.floats(let f), .npy): bytes = encodeNPY(f)
    case (.floats(let f), .exr): bytes = try encodeEXR(f, channels: description.channels)
    default:
      try description.encode(image, encoder)
      bytes = encoder.withFile { Array($0) }
    }
    let back = try description.decode(bytes)
    #expect(back.digest == image.digest, "\(name): the file", sourceLocation: sourceLocation)
    let values = try #require(description.values(back), "\(name): channels and bits", sourceLocation: sourceLocation)
    let isFinite = values.allSatisfy { $0.isFinite }
    #expect(isFinite, sourceLocation: sourceLocation)
  }
}
