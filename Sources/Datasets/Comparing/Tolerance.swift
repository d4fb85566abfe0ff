import Annotators
import Imaging

/// What may differ: `psnr=45,flip=0.02,changed=0.1%`. Nothing, where nothing is said.
///
/// A bare limit speaks of the picture; `depth.max=1` of the plane depth. All limits given for a plane must hold. `box`, `area`
/// and `values` speak of the records: pixels that an edge of a box may move, the share of a mask's pixels that may change, and
/// how far numbers may lie apart, relative to the larger of 1 and their size.
public struct Tolerance: Equatable, Sendable {
  public enum Metric: String, CaseIterable, Sendable {
    case psnr, ssim, flip, changed, max, mean
  }

  public private(set) var planes: [String: [Metric: Double]] = [:]
  public private(set) var box: Double?
  public private(set) var area: Double?
  public private(set) var values: Double?

  /// Nothing may differ.
  public static let exact = Tolerance()

  private init() {}

  public struct Fault: Error, Equatable, CustomStringConvertible {
    public var description: String
  }

  /// Reads a list of limits; percentages or fractions for shares.
  public init(_ text: String) throws(Fault) {
    let names = Metric.allCases.map(\.rawValue) + ["box", "area", "values"]
    for item in text.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard sides.count == 2 else {
        throw Fault(
          description: "found \"\(item)\", expected NAME=LIMIT with a name of \(names.joined(separator: ", "))")
      }
      let path = sides[0].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      guard path.count <= 2, let name = path.last, names.contains(name),
        path.count == 1 || Metric(rawValue: name) != nil
      else {
        throw Fault(
          description: "found \"\(sides[0])\", expected one of \(names.joined(separator: ", ")), or PLANE.NAME")
      }
      var number = sides[1]
      let isPercent = number.hasSuffix("%")
      if isPercent { number.removeLast() }
      guard var limit = Double(number), limit.isFinite, limit >= 0, !isPercent || ["changed", "area"].contains(name)
      else {
        throw Fault(description: "found \"\(item)\", expected a limit of 0 or more, such as psnr=45 or changed=0.1%")
      }
      if isPercent { limit /= 100 }
      guard !["changed", "area", "ssim", "flip"].contains(name) || limit <= 1 else {
        throw Fault(description: "found \"\(item)\", expected a share or a value up to 1 (100%)")
      }
      switch name {
      case "box": try store(limit, in: &box, item)
      case "area": try store(limit, in: &area, item)
      case "values": try store(limit, in: &values, item)
      default:
        guard let metric = Metric(rawValue: name) else { continue }
        try store(limit, in: &planes[path.count == 2 ? path[0] : "rgb", default: [:]][metric], item)
      }
    }
  }

  private func store(_ limit: Double, in place: inout Double?, _ item: Substring) throws(Fault) {
    guard place == nil else { throw Fault(description: "found \"\(item)\" a second time, expected each limit once") }
    place = limit
  }

  /// Whether a plane's difference lies within what was said of it; false where nothing was, or where a metric is named that
  /// the plane does not have.
  func allows(_ m: PlaneMetrics, plane: String) -> Bool {
    guard let limits = planes[plane], !limits.isEmpty else { return false }
    return limits.allSatisfy { metric, limit in
      switch metric {
      case .psnr: m.psnr.map { $0 >= limit } ?? false
      case .ssim: m.ssim.map { $0 >= limit } ?? false
      case .flip: m.flip.map { $0 <= limit } ?? false
      case .changed: m.changedShare <= limit
      case .max: m.maximum <= limit
      case .mean: m.mean <= limit
      }
    }
  }
}
