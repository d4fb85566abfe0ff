import Annotators
import Documents
import Imaging

/// Two states of a frame: what they do not have alike, and what may have caused it.
public struct FrameComparison: Sendable {
  public var frame: Int
  /// The gravest first.
  public var differences: [Difference] = []
  public var planes: [PlaneComparison] = []
  /// Values of the scene that are other ones now.
  public var parameters: [ParameterChange] = []
  /// The command that shows the frame again.
  public var command = ""

  /// Whether there is a difference beyond what the caller allows.
  public var isDifferent: Bool { differences.contains { !$0.isTolerated } }
}

/// Compares frames one by one.
struct FrameComparer {
  let tolerance: Tolerance
  /// Names of the classes by id.
  let categories: (before: [Int: String], after: [Int: String])

  func compare(_ a: ComparedFrame, _ b: ComparedFrame) -> FrameComparison {
    var result = FrameComparison(frame: b.frame)
    var labels = LabelComparison(a, b, categories, tolerance)
    labels.run()
    result.differences = labels.differences
    for plane in a.planes {
      guard let other = b.planes.first(where: { $0.name == plane.name }) else {
        result.differences.append(Difference(.form, plane.name, [], "the plane is not there any more", degree: 1))
        continue
      }
      guard plane.digest != other.digest else { continue }
      compare(plane, other, a, b, &result)
    }
    for plane in b.planes where !a.planes.contains(where: { $0.name == plane.name }) {
      result.differences.append(Difference(.form, plane.name, [], "the plane was not there before"))
    }
    if !result.differences.isEmpty { result.parameters = parameterChanges(a.parameters, b.parameters) }
    result.differences = graveFirst(result.differences)
    return result
  }

  private func compare(
    _ a: ComparedPlane, _ b: ComparedPlane, _ before: ComparedFrame, _ after: ComparedFrame,
    _ result: inout FrameComparison
  ) {
    var one = PlaneComparison(plane: a.name)
    defer { result.planes.append(one) }
    let kind: Difference.Kind = a.name == "rgb" ? .picture : .plane
    guard let x = a.image, let y = b.image else {
      // Digests alone tell whose pixels are other ones.
      result.differences.append(
        Difference(kind, a.name, whoChanged(a.name, before, after), "its digest is \(b.digest), not \(a.digest)"))
      return
    }
    do throws(ImageDifference.Mismatch) {
      let metrics = try PlaneMetrics(x, y, isPicture: a.name == "rgb")
      one.metrics = metrics
      var difference = Difference(
        kind, a.name, whoChanged(x, y, before, after), metrics.description,
        degree: metrics.flip ?? metrics.changedShare)
      difference.isTolerated = tolerance.allows(metrics, plane: a.name)
      result.differences.append(difference)
    } catch {
      result.differences.append(Difference(.form, a.name, [], "\(error.first) -> \(error.second)", degree: 1))
    }
  }

  /// The instances whose pixels are among those that changed, those with most of them first.
  private func whoChanged(
    _ x: PlaneImage, _ y: PlaneImage, _ before: ComparedFrame, _ after: ComparedFrame
  ) -> [InstanceName] {
    guard let changed = x.changed(in: y), let old = before.owners, let new = after.owners,
      old.count == changed.count, new.count == changed.count
    else { return [] }
    var counts: [Int32: Int] = [:]
    for k in changed.indices where changed[k] {
      // A pixel that went from one to another counts for both.
      if old[k] != 0 { counts[old[k], default: 0] += 1 }
      if new[k] != 0, new[k] != old[k] { counts[new[k], default: 0] += 1 }
    }
    return names(before, after) { counts[Int32(truncatingIfNeeded: $0)] }
  }

  private func whoChanged(_ plane: String, _ before: ComparedFrame, _ after: ComparedFrame) -> [InstanceName] {
    let (x, y) = (before.instancePixels ?? before.pixelDigests(), after.instancePixels ?? after.pixelDigests())
    return names(before, after) { x[$0]?[plane] == y[$0]?[plane] ? nil : 0 }.map {
      var name = $0
      name.pixels = nil
      return name
    }
  }

  /// The instances for whom `count` says a number, in falling order of it and then by id.
  private func names(
    _ before: ComparedFrame, _ after: ComparedFrame, _ count: (Int) -> Int?
  ) -> [InstanceName] {
    var found: [Int: InstanceName] = [:]
    for (list, classes) in [(before.instances, categories.before), (after.instances, categories.after)] {
      for i in list {
        guard let n = count(i.id) else { continue }
        found[i.id] = InstanceName(
          id: i.id, name: i.name, category: classes[i.category] ?? "class \(i.category)", pixels: n)
      }
    }
    return found.values.sorted { ($1.pixels ?? 0, $0.id) < ($0.pixels ?? 0, $1.id) }
  }
}

/// The gravest first; of equal ones in their order.
func graveFirst(_ list: [Difference]) -> [Difference] {
  list.enumerated().sorted { ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset) }.map(\.element)
}
