import Annotators
import Documents
import ImageCoding
import Imaging

/// What a comparison of two states has found.
public struct Comparison: Sendable {
  /// What is compared: "golden dominoes", "Renders/a and Renders/b".
  public var title: String
  /// In words, for the reader of a page.
  public var before: String
  public var after: String
  /// Differences that concern no single frame.
  public var differences: [Difference] = []
  /// The frames that are not alike, the gravest first once `finish` was called; the first `mostFrames` of them.
  public private(set) var frames: [FrameComparison] = []
  /// Frames beyond those that are not alike either, which are counted alone, and those of them that are tolerated.
  public private(set) var unlisted = (frames: 0, tolerated: 0, differences: 0)
  /// All frames that were looked at, in their order, as runs of consecutive ones: no more memory for more frames.
  public private(set) var runsLookedAt: [ClosedRange<Int>] = []
  /// What is worth knowing and no difference.
  public var notes: [String] = []
  /// Frames left without pictures, since the page would have become too large.
  public private(set) var framesWithoutPictures = 0

  private var pictureBytes = 0

  init(title: String, before: String, after: String) {
    (self.title, self.before, self.after) = (title, before, after)
  }

  /// Whether anything lies beyond what the caller allows.
  public var isDifferent: Bool {
    differences.contains { !$0.isTolerated } || frames.contains(where: \.isDifferent) || unlisted.differences > 0
  }

  /// How many frames were looked at.
  public var lookedAt: Int { runsLookedAt.reduce(0) { $0 + $1.count } }

  /// Differences beyond what the caller allows.
  public var count: Int {
    differences.count { !$0.isTolerated } + frames.reduce(0) { $0 + $1.differences.count { !$0.isTolerated } }
      + unlisted.differences
  }

  /// Frames of which it is kept what differs. The last of them may differ from the first in ways of their own, so there are
  /// many; but a set of a hundred million that all differ is to fit as well.
  static let mostFrames = 10_000

  /// What a page may hold of pictures, in bytes of PNG; base64 makes a third more of it.
  static let pictureBudget = 6 << 20
  /// Wider pictures are reduced for the page, in pixels.
  static let widestPicture = 800

  /// Takes up a frame that was looked at, with its two states for pictures of what differs.
  mutating func add(_ frame: FrameComparison, _ before: ComparedFrame?, _ after: ComparedFrame?) throws(DatasetError) {
    if let last = runsLookedAt.last, last.upperBound + 1 == frame.frame {
      runsLookedAt[runsLookedAt.count - 1] = last.lowerBound...frame.frame
    } else {
      runsLookedAt.append(frame.frame...frame.frame)
    }
    guard !frame.differences.isEmpty else { return }
    guard frames.count < Comparison.mostFrames else {
      unlisted.frames += 1
      unlisted.tolerated += frame.isDifferent ? 0 : 1
      unlisted.differences += frame.differences.count { !$0.isTolerated }
      return
    }
    var frame = frame
    if pictureBytes < Comparison.pictureBudget {
      for k in frame.planes.indices {
        let name = frame.planes[k].plane
        guard let a = before?.planes.first(where: { $0.name == name }),
          let b = after?.planes.first(where: { $0.name == name })
        else { continue }
        let pictures = PlaneComparison.Pictures(
          before: try Comparison.encoded(a.shown), after: try Comparison.encoded(b.shown),
          difference: try Comparison.encoded(differencePicture(a, b)))
        for p in [pictures.before, pictures.after, pictures.difference] { pictureBytes += p?.count ?? 0 }
        frame.planes[k].pictures = pictures
      }
    } else {
      framesWithoutPictures += 1
    }
    frames.append(frame)
  }

  /// Puts the gravest frames first.
  mutating func finish() {
    if unlisted.frames > 0 {
      notes.append(
        counted(unlisted.frames, "frame") + " more not alike: what differs is told of the first \(frames.count) alone")
    }
    differences = graveFirst(differences)
    frames = frames.enumerated().sorted {
      let (x, y) = ($0.element.differences.first?.severity ?? 0, $1.element.differences.first?.severity ?? 0)
      return (y, $0.offset) < (x, $1.offset)
    }.map(\.element)
  }

  private static func encoded(_ image: RasterImage?) throws(DatasetError) -> [UInt8]? {
    guard var image else { return nil }
    if image.width > widestPicture {
      let height = max(image.height * widestPicture / image.width, 1)
      var canvas = Canvas(width: widestPicture, height: height, color: SIMD3(0, 0, 0))
      canvas.draw(image, x: 0, y: 0, width: widestPicture, height: height)
      image = canvas.image
    }
    do { return try PNGEncoder(effort: .small).encode(image) } catch { throw .refused("a picture: \(error)") }
  }

  // MARK: - For people on a terminal

  /// A line for each difference, the gravest first, at most `limit` of them; then what may have caused them and the command
  /// that shows the gravest frame again.
  public func lines(limit: Int = 60) -> [String] {
    var lines: [String] = []
    var left = 0
    func add(_ line: String) { if lines.count < limit { lines.append(line) } else { left += 1 } }
    func mark(_ d: Difference) -> String { (d.isTolerated ? "tolerated: " : "") + d.description }
    for d in differences { add(mark(d)) }
    for f in frames {
      // Three of a kind: a camera that moved moves every box, and the picture is to be told of too.
      var seen: [Difference.Kind: Int] = [:]
      for d in f.differences {
        seen[d.kind, default: 0] += 1
        if seen[d.kind, default: 0] <= 3 { add("frame \(f.frame), " + mark(d)) }
      }
      for kind in Difference.Kind.allCases.reversed() where seen[kind, default: 0] > 3 {
        add("frame \(f.frame), and \(seen[kind, default: 0] - 3) more: \(kind.rawValue)")
      }
      for line in f.parameterLines(limit: 8) { add("frame \(f.frame), " + line) }
    }
    if left > 0 { lines.append("... and \(left) lines more") }
    for n in notes { lines.append("note: " + n) }
    if let first = frames.first, !first.command.isEmpty {
      lines.append("to see frame \(first.frame): " + first.command)
    }
    return lines
  }

  /// "dominoes: 24 frames, 2 differ in 5 places".
  public var summary: String {
    let listed = frames.count(where: \.isDifferent)
    let differing = listed + unlisted.frames - unlisted.tolerated
    let tolerated = frames.count - listed + unlisted.tolerated
    var text = "\(title): " + counted(lookedAt, "frame")
    if isDifferent {
      text += ", \(differing) not alike, " + counted(count, "difference")
      if tolerated > 0 { text += "; \(tolerated) differ within the tolerance" }
    } else {
      text += tolerated > 0 ? ", nothing beyond the tolerance, within which \(tolerated) differ" : ", no difference"
    }
    return text
  }
}

extension FrameComparison {
  /// A line for each parameter that changed; those that changed from and to the same values share one.
  func parameterLines(limit: Int) -> [String] {
    var groups: [(first: ParameterChange, count: Int)] = []
    for p in parameters {
      if let k = groups.firstIndex(where: { $0.first.before == p.before && $0.first.after == p.after }) {
        groups[k].count += 1
      } else {
        groups.append((p, 1))
      }
    }
    var lines = groups.prefix(limit).map { g in
      "parameter " + g.first.description + (g.count > 1 ? ", and \(g.count - 1) more alike" : "")
    }
    if groups.count > limit { lines.append("parameters: \(groups.count - limit) more changes") }
    return lines
  }
}
