import Annotators
import Documents
import Formats
import ImageCoding
import Imaging
import Rasterization
import Stage

/// A frame whose files are written under temporary names.
struct StagedFrame: Sendable {
  var frame: Int
  /// The record, with its newline.
  var line: [UInt8]
  /// Temporary and final path of each file.
  var files: [(staged: String, final: String)]
}

/// Makes frames on one thread: everything that is worth keeping between frames is kept here.
final class FrameWorker {
  private let source: FrameSource
  private let sourceDigest: Digest
  private let staging: String
  private let folder: String
  private let render: FrameRenderer
  private let clock: StageClock
  private let scanner = VisibleRegionScanner()
  private let planes: LabelPlanes
  private let encoder: PNGEncoder
  private var json = JSONWriter()

  init(
    source: FrameSource, sourceDigest: Digest, staging: String, folder: String, clock: StageClock,
    renderer: RendererFactory
  ) throws {
    self.source = source
    self.sourceDigest = sourceDigest
    self.staging = staging
    self.folder = folder
    self.clock = clock
    render = try renderer(clock)
    planes = LabelPlanes(categories: source.categories)
    encoder = try PNGEncoder(effort: .fast)
  }

  func make(_ index: Int) throws(DatasetError) -> StagedFrame {
    let frame: Frame
    let rendered: RenderedFrame
    let regions: [VisibleRegion]
    do {
      frame = try clock.measure("sample") { try source.frame(index) }
      rendered = try render(frame)
      regions = try clock.measure("labels") { try label(frame, rendered) }
    } catch { throw .frame(index, "\(error)") }

    var staged = StagedFrame(frame: index, line: [], files: [])
    var records: [PlaneRecord] = []
    for kind in PlaneKind.all {
      do { try clock.measure("PNG \(kind.name)") { try encode(kind, rendered) } } catch {
        throw .frame(index, "\(error)")
      }
      let file = kind.file(frame: index)
      let temporary = "\(staging)/\(kind.name)-\(sixDigits(index)).png"
      let bytes = try clock.measure("write") { () throws(DatasetError) in
        do throws(FileError) {
          return try encoder.withFile { bytes throws(FileError) in
            try FileSystem.create(temporary, bytes, sync: false)
            return bytes.count
          }
        } catch { throw DatasetError.file(FileError("\(folder)/\(file)", error.operation, code: error.code)) }
      }
      let digest = clock.measure("digest") { self.digest(kind, rendered) }
      records.append(PlaneRecord(name: kind.name, file: file, bytes: bytes, digest: digest))
      staged.files.append((temporary, "\(folder)/\(file)"))
    }
    clock.measure("record") {
      let record = FrameRecord(
        source: sourceDigest, frame: index, width: frame.width, height: frame.height, camera: frame.camera,
        background: frame.background, sun: frame.sun, ambient: frame.ambient, exposure: frame.exposure,
        depthScale: source.depthScale, planes: records,
        instances: zip(frame.instances, regions).filter { $0.0.id != 0 }.map { InstanceRecord($0, $1) })
      json.bytes.removeAll(keepingCapacity: true)
      record.write(to: &json)
      staged.line = json.bytes
    }
    return staged
  }

  private func label(_ frame: Frame, _ rendered: RenderedFrame) throws(LabelError) -> [VisibleRegion] {
    let g = rendered.gbuffer
    guard g.width == frame.width, g.height == frame.height else {
      throw .size(width: g.width, height: g.height, expectedWidth: frame.width, expectedHeight: frame.height)
    }
    let regions = try scanner.regions(of: g.instanceIndex, instanceCount: frame.instances.count)
    try planes.fillIdentities(frame, g.instanceIndex)
    try planes.fillDepth(g.depth, scale: source.depthScale)
    return regions
  }

  private func encode(_ kind: PlaneKind, _ rendered: RenderedFrame) throws(ImageCodingError) {
    switch kind.name {
    case "rgb": try encoder.write(rendered.rgb, as: kind.content)
    case "instance": try encoder.write(planes.instance, as: kind.content)
    case "depth": try encoder.write(planes.depth, as: kind.content)
    default:
      if planes.hasWideSemantic {
        try encoder.write(planes.semantic16, as: kind.content)
      } else {
        try encoder.write(planes.semantic8, as: kind.content)
      }
    }
  }

  private func digest(_ kind: PlaneKind, _ rendered: RenderedFrame) -> Digest {
    switch kind.name {
    case "rgb": Digest(ofSamplesOf: rendered.rgb)
    case "instance": Digest(of: planes.instance)
    case "depth": Digest(of: planes.depth)
    default: planes.semanticDigest
    }
  }
}

extension Digest {
  /// Of an image's samples, row by row, channels interleaved, 16-bit samples little-endian: what a record says of a
  /// plane, whether the plane was just made or read from its file.
  public init(ofSamplesOf image: RasterImage) {
    switch image.samples {
    case .eight(let s): self.init(of: s)
    case .sixteen(let s):
      self.init(of: Plane(width: s.count, height: 1, values: s))
    }
  }
}
