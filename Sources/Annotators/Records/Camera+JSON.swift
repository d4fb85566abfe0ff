// A camera as a member of a record:
//
//     {"model":"brown_conrady","K":[9 numbers],"distortion":[k1,k2,p1,p2,k3,k4,k5,k6],"R":[9],"t":[3],"near":0.01}
//
// Models are "pinhole", "brown_conrady", "fisheye" (distortion k1 to k4, "half_angle" in radians: what the lens shows; the
// depth plane holds the distance from the camera's centre) and "orthographic" (K in pixels a metre). Coefficients are in
// OpenCV's order. A view of a rig has its name as "view".

import Documents
import Geometry
import Stage

extension Camera {
  package func write(to w: inout JSONWriter) {
    w.beginObject()
    if !view.isEmpty {
      w.member("view", view)
    }
    w.key("model")
    switch projection {
    case .pinhole: w.string("pinhole")
    case .brownConrady(let lens):
      w.string("brown_conrady")
      w.key("distortion")
      w.numbers(lens.k[0], lens.k[1], lens.p1, lens.p2, lens.k[2], lens.k[3], lens.k[4], lens.k[5])
    case .fisheye(let lens):
      w.string("fisheye")
      w.key("distortion")
      w.numbers(lens.k[0], lens.k[1], lens.k[2], lens.k[3])
      w.member("half_angle", lens.maximumAngle)
    case .orthographic: w.string("orthographic")
    }
    w.key("K")
    w.numbers(fx, 0, cx, 0, fy, cy, 0, 0, 1)
    w.key("R")
    w.matrix(rotation)
    w.key("t")
    translation.write(to: &w)
    w.member("near", near)
    w.endObject()
  }

  init(from r: inout JSONReader) throws(JSONError) {
    var view: String?
    var model: String?
    var distortion: [Double]?
    var halfAngle: Double?
    var k: [Double]?
    var rotation: [Double]?
    var translation: Vector3?
    var near: Double?
    try r.beginObject()
    while let key = try r.nextKey() {
      switch key {
      case "view": try r.once(&view) { r throws(JSONError) in try r.string() }
      case "model":
        try r.once(&model) { r throws(JSONError) in try r.string() }
        guard ["pinhole", "brown_conrady", "fisheye", "orthographic"].contains(model) else {
          throw r.error(expected: "the camera model \"pinhole\", \"brown_conrady\", \"fisheye\" or \"orthographic\"")
        }
      case "distortion":
        try r.once(&distortion) { r throws(JSONError) in try r.list { r throws(JSONError) in try r.number() } }
      case "half_angle": try r.once(&halfAngle) { r throws(JSONError) in try r.number() }
      case "K": try r.once(&k) { r throws(JSONError) in try r.numbers(9) }
      case "R": try r.once(&rotation) { r throws(JSONError) in try r.numbers(9) }
      case "t": try r.once(&translation) { r throws(JSONError) in try r.vector3() }
      case "near": try r.once(&near) { r throws(JSONError) in try r.number() }
      default: throw r.unknown(key, "a member of a camera")
      }
    }
    guard let model, let k, let rotation, let translation, let near else {
      throw r.error(expected: "all members of a camera before its end")
    }
    guard k[1] == 0, k[3] == 0, k[6] == 0, k[7] == 0, k[8] == 1 else {
      throw r.error(expected: "a K without skew before this")
    }
    let projection: Projection
    switch (model, distortion?.count) {
    case ("pinhole", nil): projection = .pinhole
    case ("orthographic", nil): projection = .orthographic
    case ("brown_conrady", 8):
      let d = distortion ?? []
      projection = .brownConrady(BrownConrady(k: [d[0], d[1]] + d[4...], p1: d[2], p2: d[3]))
    case ("fisheye", 4):
      guard let halfAngle else { throw r.error(expected: "the half_angle of a fisheye before this") }
      projection = .fisheye(KannalaBrandt(k: distortion ?? [], limit: halfAngle))
    default: throw r.error(expected: "the distortion that the camera model has before this")
    }
    self.init(
      fx: k[0], fy: k[4], cx: k[2], cy: k[5], rotation: Matrix3(rows: rotation), translation: translation, near: near,
      projection: projection)
    self.view = view ?? ""
  }
}
