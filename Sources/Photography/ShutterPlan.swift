import Imaging
import LaneMath
import Stage

/// Which moments a picture is made of. The whole time, from the first row's opening to the last row's closing, is cut into
/// equal slots, and a picture is drawn for the middle of each; a row is the mean of the slots that overlap its exposure,
/// by how much they do. Time 0 is the middle of it all. Each slot costs a whole picture.
///
/// With no exposure time but a readout, a row shows the one slot that it falls into.
public struct ShutterPlan: Sendable {
  private let shutter: Shutter
  /// Seconds from the frame's moment, one a slot.
  public let moments: [Double]
  private let slot: Double

  public init(_ shutter: Shutter) {
    self.shutter = shutter
    let whole = shutter.time + shutter.readout
    let count = max(shutter.samples, 1)
    slot = whole / Double(count)
    moments = (0..<count).map { (Double($0) + 0.5) * whole / Double(count) - whole / 2 }
  }

  /// The weights of all slots in a row of pixels; they sum to 1 to rounding.
  public func weights(row: Int, of height: Int) -> [Float] {
    let middle = shutter.readout * ((Double(row) + 0.5) / Double(height) - 0.5)
    let (opens, closes) = (middle - shutter.time / 2, middle + shutter.time / 2)
    if shutter.time == 0 {
      let nearest = moments.indices.min { abs(moments[$0] - middle) < abs(moments[$1] - middle) } ?? 0
      return moments.indices.map { $0 == nearest ? 1 : 0 }
    }
    return moments.map { t in
      Float(max(min(closes, t + slot / 2) - max(opens, t - slot / 2), 0) / shutter.time)
    }
  }

  /// Adds what a slot's picture has to say to the sum.
  public func add(_ picture: LinearImage, slot k: Int, to sum: inout LinearImage) {
    let (width, height, stride, plane) = (sum.width, sum.height, sum.stride, sum.planeSize)
    precondition(picture.width == width && picture.height == height)
    picture.read { from in
      sum.write { to in
        for y in 0..<height {
          let weight = weights(row: y, of: height)[k]
          if weight == 0 { continue }
          for c in 0..<3 {
            let line = c * plane + y * stride
            for x in Swift.stride(from: 0, to: width, by: 8) {
              store(load(to + (line + x)) + load(from + (line + x)) * weight, to + (line + x))
            }
          }
        }
      }
    }
  }
}
