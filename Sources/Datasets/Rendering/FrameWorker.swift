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
  private let kinds: [PlaneKind]
  private let annotation: FrameAnnotation
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
    kinds = header.planes
    annotation = FrameAnnotation(source.annotations, source.dataset)
    encoder = try PNGEncoder(effort: .fast)
  }

  func make(_ index: Int) throws(DatasetError) -> StagedFrame {
    let frame: Frame
    do {
      frame = try clock.measure("sample") { try source.frame(index) }
      let rendered = try render(frame, source.annotations.needs)
      var neighbours = SequenceNeighbours()
      if !source.annotations.steps.isEmpty {
        neighbours = try clock.measure("neighbours") { try source.neighbours(of: index, render) }
      }
      try clock.measure("labels") { () throws(LabelError) in try annotation.begin(frame, rendered, neighbours) }
    } catch { throw .frame(index, "\(error)") }

    let chunk = index / header.chunk
    var staged = StagedFrame(frame: index, line: [], files: [])
    var records: [PlaneRecord] = []
    var members: [(name: String, bytes: [UInt8])] = []
    for kind in kinds {
      let (image, encoded) = try draw(kind, index)
      let file = header.layout.file(kind, frame: index, chunk: chunk)
      let bytes: Int
      switch header.layout {
      case .folder:
        let temporary = "\(staging)/\(kind.name)-\(sixDigits(index)).\(kind.ending)"
        bytes = try clock.measure("write") { () throws(DatasetError) in
          try withFile(encoded) { bytes throws(DatasetError) in
            try write(bytes, temporary, as: "\(folder)/\(file)")
            return bytes.count
          }
        }
        staged.files.append((temporary, "\(folder)/\(file)"))
      case .tar:
        members.append((kind.member(frame: index), withFile(encoded) { Array($0) }))
        bytes = members.last?.bytes.count ?? 0
        // As large as an archive's member can be.
        guard bytes <= TarSample.largestFile else { throw .frame(index, "\(kind.name): \(bytes) bytes are too many") }
      }
      let digest = clock.measure("digest") { image.digest }
      records.append(PlaneRecord(name: kind.name, file: file, bytes: bytes, digest: digest))
    }
    var record = FrameRecord(
      source: sourceDigest, frame: index, width: frame.width, height: frame.height, camera: frame.camera,
      background: frame.background, sun: frame.sun, ambient: frame.ambient, exposure: frame.exposure,
      depthScale: source.depthScale, planes: records, instances: [])
    do throws(LabelError) {
      try annotation.describe(&record) { (name, body) throws(LabelError) in
        try clock.measure("values \(name)") { () throws(LabelError) in try body() }
      }
    } catch { throw .frame(index, "\(error)") }
    clock.measure("record") {
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

  /// Draws a plane and encodes it: the file's bytes, or nil for a PNG, which the encoder holds.
  private func draw(_ kind: PlaneKind, _ index: Int) throws(DatasetError) -> (PlaneImage, [UInt8]?) {
    guard let annotator = source.annotations.annotators.first(where: { $0.name == kind.name }) else {
      throw .frame(index, "no annotator draws the plane \(kind.name)")
    }
    let stage = FrameWorker.core.contains(kind.name) ? "labels" : "draw \(kind.name)"
    do {
      let image = try clock.measure(stage) { () throws(LabelError) in try annotator.draw(annotation) }
      let encoded = try clock.measure("\(kind.ending.uppercased()) \(kind.name)") {
        () throws(ImageCodingError) -> [UInt8]? in
        switch (image, kind.description.file) {
        case (.floats(let f), .npy): return encodeNPY(f)
        case (.floats(let f), .exr): return try encodeEXR(f, channels: kind.description.channels)
        default:
          try kind.description.encode(image, encoder)
          return nil
        }
      }
      return (image, encoded)
    } catch { throw .frame(index, "\(error)") }
  }

  /// Planes whose drawing counts as labelling.
  private static let core: Set<String> = ["rgb", "instance", "semantic", "depth"]

  /// Hands over a file that was encoded last.
  private func withFile<R, E: Error>(
    _ encoded: [UInt8]?, _ body: (UnsafeRawBufferPointer) throws(E) -> R
  ) throws(E) -> R {
    guard let encoded else { return try encoder.withFile(body) }
    return try encoded.withUnsafeBufferPointer { b throws(E) -> R in try body(UnsafeRawBufferPointer(b)) }
  }
}
