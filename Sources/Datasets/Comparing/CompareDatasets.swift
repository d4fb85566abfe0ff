// Comparing two datasets, frames of datasets, or pictures.

import Annotators
import Documents
import Formats
import ImageCoding
import Imaging

/// One side of `diorama diff`.
public enum DiffInput: Sendable {
  case dataset(Dataset)
  /// `Renders/a#12`.
  case frame(Dataset, Int)
  case picture(path: String, RasterImage)

  /// A dataset's folder, `FOLDER#NUMBER` for one of its frames, or a PNG or JPEG file. What is there under that very name
  /// goes before a frame's number.
  public init(_ path: String) throws(DatasetError) {
    if FileSystem.isFolder(path) {
      self = .dataset(try Dataset(folder: path))
      return
    }
    if FileSystem.size(of: path) == nil, let hash = path.lastIndex(of: "#") {
      let (folder, digits) = (String(path[..<hash]), path[path.index(after: hash)...])
      guard let list = FrameList(String(digits)), list.numbers.count == 1 else {
        throw .refused("\(path): found \"\(digits)\" behind the #, expected a frame's number")
      }
      self = .frame(try Dataset(folder: folder), list.numbers[0])
      return
    }
    let bytes = try DatasetError.files { () throws(FileError) in try FileSystem.read(path) }
    do { self = .picture(path: path, try decodeImage(bytes)) } catch {
      throw .refused("\(path): \(error); expected a dataset's folder, FOLDER#FRAME, or a PNG or JPEG image")
    }
  }
}

/// Options of a comparison.
public struct DiffOptions: Sendable {
  public var tolerance = Tolerance.exact
  /// Nil for all.
  public var frames: FrameList?
  public var threads = 1

  public init() {}
}

/// Compares two inputs of one kind, or a frame with a picture.
///
/// - Returns: what differs; `isStopped` where it was stopped before its end.
/// - Throws: `.refused` for inputs that cannot be compared.
public func compareInputs(
  _ a: (path: String, input: DiffInput), _ b: (path: String, input: DiffInput), _ options: DiffOptions,
  shouldStop: () -> Bool = { false }
) throws(DatasetError) -> (comparison: Comparison, isStopped: Bool) {
  var comparison = Comparison(title: "\(a.path) and \(b.path)", before: a.path, after: b.path)
  switch (a.input, b.input) {
  case (.dataset(let x), .dataset(let y)):
    let isStopped = try compareDatasets(x, y, a.path, b.path, options, &comparison, shouldStop)
    comparison.finish()
    return (comparison, isStopped)
  case (.dataset, _), (_, .dataset):
    throw .refused(
      "found a dataset and something else (\(a.path), \(b.path)), expected two datasets, two frames, two pictures, or a "
        + "frame and a picture")
  default: break
  }
  // One frame or picture on each side.
  var states: [ComparedFrame] = []
  var heads: [DatasetHeader?] = []
  for input in [a.input, b.input] {
    switch input {
    case .frame(let dataset, let number):
      guard let record = try dataset.record(of: number) else {
        throw .refused("\(dataset.folder): found no frame \(number), expected it there")
      }
      var archive: TarIndex?
      states.append(try ComparedFrame(record, dataset, decoding: nil, &archive))
      heads.append(dataset.header)
    case .picture(_, let image):
      states.append(ComparedFrame(picture: image))
      heads.append(nil)
    case .dataset: break
    }
  }
  if heads.contains(where: { $0 == nil }) {
    // Against a picture there is nothing but the picture to compare.
    for k in states.indices {
      states[k].labels = nil
      states[k].planes.removeAll { $0.name != "rgb" && $0.name != "image" }
    }
  } else {
    // Frames of different numbers are compared as if they were one.
    for k in states.indices { states[k].labels = states[k].labels?.without("frame") }
  }
  states[0].frame = states[1].frame
  let names = heads.map { $0.map(categoryNames) ?? [:] }
  var result = FrameComparer(tolerance: options.tolerance, categories: (names[0], names[1])).compare(
    states[0], states[1])
  result.command = ["diorama", "diff", a.path, b.path].map(shellWord).joined(separator: " ")
  try comparison.add(result, states[0], states[1])
  if let x = heads[0], let y = heads[1] { compareHeads(x, y, &comparison) }
  comparison.finish()
  return (comparison, false)
}

/// Walks through both in order of frames. Planes whose digests agree are not decoded.
private func compareDatasets(
  _ x: Dataset, _ y: Dataset, _ a: String, _ b: String, _ options: DiffOptions, _ comparison: inout Comparison,
  _ shouldStop: () -> Bool
) throws(DatasetError) -> Bool {
  let wanted = options.frames.map { Set($0.numbers) }
  var missing = wanted ?? []
  let comparer = FrameComparer(
    tolerance: options.tolerance, categories: (categoryNames(x.header), categoryNames(y.header)))
  var (left, right) = (
    try RecordCursor(x, threads: options.threads), try RecordCursor(y, threads: options.threads)
  )
  var archives: (TarIndex?, TarIndex?) = (nil, nil)
  while true {
    guard !shouldStop() else { return true }
    let (p, q) = (try left.peek(), try right.peek())
    guard let number = [p?.frame, q?.frame].compactMap({ $0 }).min() else { break }
    let (before, after) = (p?.frame == number ? p : nil, q?.frame == number ? q : nil)
    if before != nil { left.advance() }
    if after != nil { right.advance() }
    guard wanted?.contains(number) ?? true else { continue }
    missing.remove(number)
    guard let before, let after else {
      var result = FrameComparison(frame: number)
      result.differences = [
        before != nil
          ? Difference(.frameMissing, "frames", [], "\(b) does not have it", degree: 1)
          : Difference(.frameAdded, "frames", [], "\(a) does not have it", degree: 1)
      ]
      try comparison.add(result, nil, nil)
      continue
    }
    let changed = Set(before.planes.filter { $0.digest != after.plane($0.name)?.digest }.map(\.name))
    let one = try ComparedFrame(before, x, decoding: changed, &archives.0)
    let two = try ComparedFrame(after, y, decoding: changed, &archives.1)
    var result = comparer.compare(one, two)
    result.command = ["diorama", "diff", "\(a)#\(number)", "\(b)#\(number)"].map(shellWord).joined(separator: " ")
    try comparison.add(result, one, two)
  }
  if let first = missing.min() {
    throw .refused("found frame \(first) in neither dataset, expected the frames asked for")
  }
  compareHeads(x.header, y.header, &comparison)
  return false
}

extension Dataset {
  /// The record of one frame; nil where there is none.
  func record(of number: Int) throws(DatasetError) -> FrameRecord? {
    let chunk = number / header.chunk
    guard try chunks().contains(chunk) else { return nil }
    let path = folder + "/" + DatasetLayout.chunkFile(chunk)
    var found: FrameRecord?
    _ = try readRecords(path, threads: 1) { record, line throws(DatasetError) in
      try check(record, at: path, line, chunk: chunk)
      if record.frame == number { found = record }
      return found == nil
    }
    return found
  }
}

extension Node {
  func without(_ key: String) -> Node {
    guard case .mapping(let members) = content else { return self }
    return Node(.mapping(members.filter { $0.key != key }), mark: mark)
  }
}

extension ComparedFrame {
  /// A frame of a dataset.
  ///
  /// - Parameter decoding: the planes whose values are wanted; nil for all.
  init(
    _ record: FrameRecord, _ dataset: Dataset, decoding: Set<String>?, _ archive: inout TarIndex?
  ) throws(DatasetError) {
    var planes: [ComparedPlane] = []
    for plane in record.planes {
      guard let description = dataset.header.annotations.first(where: { $0.plane?.name == plane.name })?.plane else {
        throw .damaged(
          file: dataset.folder, "frame \(record.frame) has a plane \"\(plane.name)\" that the head does not name")
      }
      guard decoding?.contains(plane.name) ?? true else {
        planes.append(ComparedPlane(description, digest: plane.digest, image: nil, picture: nil))
        continue
      }
      let bytes = try Dataset.read(plane, in: dataset.folder, archive: &archive)
      let path = dataset.folder + "/" + plane.file
      let image: PlaneImage
      do { image = try description.decode(bytes) } catch { throw .damaged(file: path, "\(error)") }
      guard image.digest == plane.digest else {
        throw .damaged(file: path, "found other pixels than the record's digest says")
      }
      planes.append(ComparedPlane(description, image))
    }
    self.init(frame: record.frame, labels: try labelTree(record), planes: planes)
  }

  /// A picture alone. One of 16 bits with one channel is taken for values rather than for something to look at.
  init(picture image: RasterImage) {
    let isSeen = image.bitDepth == 8 || image.channels >= 3
    let description = PlaneDescription(
      isSeen ? "rgb" : "image", .png, channels: Array(["R", "G", "B", "A"].prefix(image.channels)),
      bits: image.bitDepth, unit: "1", isSmooth: true)
    var plane = ComparedPlane(description, .raster(image))
    plane.picture = image.forPeople
    self.init(frame: 0, labels: nil, planes: [plane])
  }
}

extension RasterImage {
  /// 8-bit RGB without alpha.
  fileprivate var forPeople: RasterImage {
    let colours = channels >= 3 ? [0, 1, 2] : [0, 0, 0]
    var rgb: [UInt8] = []
    rgb.reserveCapacity(3 * width * height)
    for pixel in 0..<width * height {
      for c in colours {
        switch samples {
        case .eight(let s): rgb.append(s[pixel * channels + c])
        case .sixteen(let s): rgb.append(UInt8(s[pixel * channels + c] >> 8))
        }
      }
    }
    return RasterImage(width: width, height: height, channels: 3, samples: .eight(rgb))
  }
}
