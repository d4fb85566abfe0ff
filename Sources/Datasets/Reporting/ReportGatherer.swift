// One reading of a dataset for its report. Records go by once, in order, parsed by several threads; of some frames, spread
// evenly, the pictures are decoded on the way, several at a time. What is kept of all frames is a few words each.

import Annotators
import Dispatch
import Formats
import Geometry
import Glibc
import ImageCoding
import Imaging
import Stage
import Synchronization

struct ReportGatherer {
  let dataset: Dataset
  let options: ReportOptions
  private(set) var labels: AnnotationStatistics
  private(set) var records: RecordStatistics
  private(set) var pictures = PictureStatistics()
  /// Frames whose pictures are looked at, in order; those whose file is missing are among them.
  private(set) var kept: [KeptFrame] = []
  private(set) var frames = 0
  /// Frames for which the scene is asked what it drew.
  private(set) var drawn: [Int] = []
  /// Pictures that were to be read and are not there.
  private(set) var missing: [Int] = []
  private(set) var watches = Watches()
  /// Of every frame: half its picture's digest, its number, part and sequence. 24 bytes each.
  private(set) var identities: [FrameIdentity] = []
  private(set) var partNames: [String] = []
  private(set) var partCounts: [Int] = []
  private(set) var isStopped = false

  /// What tells frames of equal pictures, and where they lie.
  struct FrameIdentity: Sendable {
    var digest: UInt64
    var frame: UInt32
    /// Index of the part; 255 where there is none.
    var part: UInt8
    /// 2^32 - 1 where the scene has no time.
    var sequence: UInt32
  }

  /// What is watched for outliers.
  struct Watches: Sendable {
    /// Of labels: log2 of the size, of the aspect, visibility, log2 of the distance. Of frames: labels, brightness, contrast,
    /// colourfulness.
    var size = OutlierWatch()
    var aspect = OutlierWatch()
    var visibility = OutlierWatch()
    var distance = OutlierWatch()
    var objects = OutlierWatch()
    var brightness = OutlierWatch()
    var contrast = OutlierWatch()
    var colourfulness = OutlierWatch()
  }

  init(_ dataset: Dataset, _ options: ReportOptions) {
    (self.dataset, self.options) = (dataset, options)
    labels = AnnotationStatistics(classes: dataset.header.categories.map { ($0.id, $0.name) })
    records = RecordStatistics(classes: dataset.header.categories.count)
  }

  mutating func run(shouldStop: () -> Bool) throws(DatasetError) {
    let total = try countRecords()
    var splits = options.usesSplits ? try SplitLists(dataset) : nil
    partNames = splits?.names ?? []
    partCounts = partNames.map { _ in 0 }
    var waiting: [(record: FrameRecord, part: Int?)] = []
    var last = -1
    let (dataset, options) = (dataset, options)
    try dataset.forEachRecord(threads: options.threads) { record throws(DatasetError) in
      isStopped = shouldStop()
      guard !isStopped else { return false }
      guard record.frame > last else {
        throw .damaged(
          file: dataset.folder + "/" + DatasetLayout.chunkFile(record.frame / dataset.header.chunk),
          "found frame \(record.frame) after frame \(last), expected ascending order")
      }
      // Frames of one archive wait together.
      if let first = waiting.first, first.record.frame / dataset.header.chunk != record.frame / dataset.header.chunk {
        try readPictures(waiting)
        waiting = []
      }
      last = record.frame
      let part = try splits?.part(of: record.frame)
      add(record, part: part)
      if ReportGatherer.isPicked(frames, of: total, count: options.draws) { drawn.append(record.frame) }
      if ReportGatherer.isPicked(frames, of: total, count: options.pictures) { waiting.append((record, part)) }
      frames += 1
      if waiting.count >= options.threads * 4 {
        try readPictures(waiting)
        waiting = []
      }
      return true
    }
    guard !isStopped else { return }
    try readPictures(waiting)
    labels.finish()
  }

  /// Whether number `k` of `total` is one of `count` spread evenly; the first is.
  static func isPicked(_ k: Int, of total: Int, count: Int) -> Bool {
    guard count > 0, total > 0, count < total else { return count > 0 }
    return k == 0 || k * count / total != (k - 1) * count / total
  }

  private func countRecords() throws(DatasetError) -> Int {
    var total = 0
    for chunk in try dataset.chunks() {
      let path = dataset.folder + "/" + DatasetLayout.chunkFile(chunk)
      total += try DatasetError.files { () throws(FileError) in try LineReader.countLines(of: path) }
    }
    return total
  }

  private mutating func add(_ record: FrameRecord, part: Int?) {
    labels.add(record)
    records.add(record)
    if let part { partCounts[part] += 1 }
    identities.append(
      FrameIdentity(
        digest: record.plane("rgb")?.digest.high ?? 0, frame: UInt32(clamping: record.frame),
        part: part.map { UInt8(clamping: $0) } ?? 255,
        sequence: record.sequence.map { UInt32(clamping: $0.sequence) } ?? UInt32.max))
    let area = Double(record.width * record.height)
    var seen = 0
    for i in record.instances {
      guard let box = i.box else { continue }
      seen += 1
      func note(_ watch: WritableKeyPath<Watches, OutlierWatch>, _ value: Double) {
        watches[keyPath: watch].add(value, frame: record.frame, instance: i.id, category: i.category)
      }
      // On a scale of octaves: a box four times as large stands out as one of a quarter does.
      note(\.size, ReportGatherer.octaves((Double(box.width * box.height) / area).squareRoot()))
      note(\.aspect, ReportGatherer.octaves(Double(box.width) / Double(box.height)))
      if let v = i.values.visibility?.visibility { note(\.visibility, v) }
      if record.camera.isOrthographic { continue }
      let place = i.values.box3D?.center ?? i.objectToWorld.translation
      note(\.distance, ReportGatherer.octaves(max((record.camera.position - place).length, 1e-6)))
    }
    watches.objects.add(Double(seen), frame: record.frame)
  }

  private static func octaves(_ x: Double) -> Double { StableMath.log2(x) }

  // MARK: Pictures

  private enum Found: Sendable {
    case picture(PictureSummary, [[Double]])
    case missing
    case failed(DatasetError)
  }

  private mutating func readPictures(_ waiting: [(record: FrameRecord, part: Int?)]) throws(DatasetError) {
    guard !waiting.isEmpty else { return }
    let reader = PictureReader(dataset, chunk: waiting[0].record.frame / dataset.header.chunk)
    let found = Mutex([Int: Found]())
    let records = waiting.map(\.record)
    DispatchQueue.concurrentPerform(iterations: records.count) { i in
      let result: Found
      do throws(DatasetError) {
        if let image = try reader.picture(of: records[i]), let (summary, bins) = PictureStatistics.summary(of: image) {
          result = .picture(summary, bins)
        } else {
          result = .missing
        }
      } catch { result = .failed(error) }
      found.withLock { $0[i] = result }
    }
    let results = found.withLock { $0 }
    for (i, pair) in waiting.enumerated() {
      var frame = KeptFrame(pair.record, part: pair.part)
      switch results[i] {
      case .picture(let summary, let bins):
        frame.picture = summary
        pictures.add(bins)
        watches.brightness.add(summary.brightness, frame: frame.frame)
        watches.contrast.add(summary.contrast, frame: frame.frame)
        watches.colourfulness.add(summary.colourfulness, frame: frame.frame)
      case .missing, nil: missing.append(frame.frame)
      case .failed(let error): throw error
      }
      kept.append(frame)
    }
  }
}

/// Reads pictures of one chunk's frames; safe to use from several threads.
struct PictureReader: Sendable {
  private let folder: String
  private let archive: TarIndex?

  /// An archive that is missing or damaged is found when its first picture is asked for.
  init(_ dataset: Dataset, chunk: Int) {
    folder = dataset.folder
    archive =
      dataset.header.layout == .tar ? try? TarIndex(dataset.folder + "/" + DatasetLayout.archive(chunk)) : nil
  }

  /// The picture, 8-bit RGB; nil where the frame has none or its file is missing.
  func picture(of record: FrameRecord) throws(DatasetError) -> RasterImage? {
    guard let plane = record.plane("rgb") else { return nil }
    let path = folder + "/" + plane.file
    if let archive, let (file, name) = DatasetLayout.member(plane.file), archive.path == folder + "/" + file,
      archive[name] == nil
    {
      return nil
    }
    var index = archive
    let bytes: [UInt8]
    do throws(DatasetError) { bytes = try Dataset.read(plane, in: folder, archive: &index) } catch {
      if case .file(let e) = error, e.code == ENOENT { return nil }
      throw error
    }
    let image: RasterImage
    do { image = try decodePNG(bytes) } catch { throw .damaged(file: path, "\(error)") }
    guard image.width == record.width, image.height == record.height, image.channels == 3, image.bitDepth == 8 else {
      throw .damaged(
        file: path,
        "found \(image.width)x\(image.height) pixels of \(image.channels) channels and \(image.bitDepth) bits, expected "
          + "\(record.width)x\(record.height) of 3 and 8")
    }
    return image
  }
}
