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
  /// Temporary and final path of each file; in the tar layout of the frame's part of the archive, if we wrote that.
  var files: [(staged: String, final: String)]
  /// In the tar layout, the frame's part of the archive.
  var sample: ArchivePart?

  /// Removes the temporary files.
  func discard() { for f in files { FileSystem.remove(f.staged) } }
}

/// Bytes of a file that are to become part of an archive.
struct ArchivePart: Sendable {
  var path: String
  var bytes: Range<Int>
}

/// Makes frames on one thread: everything that is worth keeping between frames is kept here.
final class FrameWorker {
  private let source: FrameSource
  private let header: DatasetHeader
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
    source: FrameSource, header: DatasetHeader, staging: String, folder: String, clock: StageClock,
    renderer: RendererFactory
  ) throws {
    self.source = source
    self.header = header
    sourceDigest = header.source
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

    let chunk = index / header.chunk
    var staged = StagedFrame(frame: index, line: [], files: [])
    var records: [PlaneRecord] = []
    var members: [(name: String, bytes: [UInt8])] = []
    for kind in PlaneKind.all {
      do { try clock.measure("PNG \(kind.name)") { try encode(kind, rendered) } } catch {
        throw .frame(index, "\(error)")
      }
      let file = header.layout.file(kind, frame: index, chunk: chunk)
      let bytes: Int
      switch header.layout {
      case .folder:
        let temporary = "\(staging)/\(kind.name)-\(sixDigits(index)).png"
        bytes = try clock.measure("write") { () throws(DatasetError) in
          try encoder.withFile { bytes throws(DatasetError) in
            try write(bytes, temporary, as: "\(folder)/\(file)")
            return bytes.count
          }
        }
        staged.files.append((temporary, "\(folder)/\(file)"))
      case .tar:
        members.append((kind.member(frame: index), encoder.withFile { Array($0) }))
        bytes = members.last?.bytes.count ?? 0
        // As large as an archive's member can be.
        guard bytes <= TarSample.largestFile else { throw .frame(index, "\(kind.name): \(bytes) bytes are too many") }
      }
      let digest = clock.measure("digest") { self.digest(kind, rendered) }
      records.append(PlaneRecord(name: kind.name, file: file, bytes: bytes, digest: digest))
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
    if header.layout == .tar {
      members.append((DatasetLayout.recordMember(frame: index), staged.line))
      try clock.measure("write") { () throws(DatasetError) in try stage(members, &staged, chunk: chunk) }
    }
    return staged
  }

  /// Writes a frame's part of its chunk's archive, its files in the order of their names.
  private func stage(
    _ members: [(name: String, bytes: [UInt8])], _ staged: inout StagedFrame, chunk: Int
  ) throws(DatasetError) {
    var sample = TarSample()
    for m in members.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
      sample.add(m.name, m.bytes)
    }
    let temporary = "\(staging)/\(sixDigits(staged.frame)).tar"
    let final = "\(folder)/\(DatasetLayout.archive(chunk))"
    try sample.bytes.withUnsafeBufferPointer { b throws(DatasetError) in
      try write(UnsafeRawBufferPointer(b), temporary, as: final)
    }
    staged.files.append((temporary, final))
    staged.sample = ArchivePart(path: temporary, bytes: 0..<sample.bytes.count)
  }

  /// Writes a temporary file; an error names the file that it is to become.
  private func write(
    _ bytes: UnsafeRawBufferPointer, _ temporary: String, as final: String
  ) throws(DatasetError) {
    do throws(FileError) {
      try FileSystem.create(temporary, bytes, sync: false)
    } catch { throw .file(FileError(final, error.operation, code: error.code)) }
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
