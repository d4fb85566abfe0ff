// Skins, nodes and scenes: the hierarchy, which must be a forest.

import Geometry

extension GLTFReader {
  mutating func readSkins() throws(ImportError) {
    let nodeCount = try root.get("nodes")?.elements().count ?? 0
    for value in try collection("skins") {
      let listed = try value.require("joints")
      var joints: [Int] = []
      for item in try listed.elements() { joints.append(try item.index(of: "node", count: nodeCount)) }
      guard !joints.isEmpty else { throw listed.error(expected: "at least one joint") }
      _ = try value.index("skeleton", of: "node", count: nodeCount)
      let matrices = try value.index("inverseBindMatrices", of: "accessor", count: document.accessors.count)
      if let matrices {
        let a = document.accessors[matrices]
        guard a.type == "MAT4", a.component == .float, a.count >= joints.count else {
          throw value.error(
            found: "inverse bind matrices of \(a.count) \(a.type)", expected: "\(joints.count) MAT4 of floats")
        }
        if a.view.map({ document.views[$0].stride != nil }) == true {
          note("inverse bind matrices with a stride", value)
        }
      }
      document.skins.append(.init(value: value, joints: joints, inverseBindMatrices: matrices))
    }
  }

  mutating func readNodes() throws(ImportError) {
    let values = try collection("nodes")
    let cameras = try root.get("cameras")?.elements().count ?? 0
    for value in values {
      var children: [Int] = []
      if let listed = try value.get("children") {
        for item in try listed.elements() { children.append(try item.index(of: "node", count: values.count)) }
        if children.isEmpty { note("an empty list, which should be left out", listed) }
      }
      _ = try value.index("camera", of: "camera", count: cameras)
      let rotation = try value.get("rotation")?.numbers(4) ?? [0, 0, 0, 1]
      let q = Quaternion(w: rotation[3], x: rotation[0], y: rotation[1], z: rotation[2])
      guard let unit = q.normalized else {
        throw value.error(found: "a rotation of length 0", expected: "a unit quaternion")
      }
      if abs(rotation.reduce(0) { $0 + $1 * $1 } - 1) > 1e-3 { note("a rotation that is not of unit length", value) }
      let translation = try value.get("translation")?.numbers(3) ?? [0, 0, 0]
      let scale = try value.get("scale")?.numbers(3) ?? [1, 1, 1]
      var node = GLTFDocument.Node(
        value: value, name: try value.text("name"), children: children,
        mesh: try value.index("mesh", of: "mesh", count: document.meshes.count),
        skin: try value.index("skin", of: "skin", count: document.skins.count), weights: try weights(value),
        matrix: nil, translation: Vector3(translation[0], translation[1], translation[2]), rotation: unit,
        scale: Vector3(scale[0], scale[1], scale[2]), parent: nil)
      if let m = try value.get("matrix") {
        let parts = [try value.get("translation"), try value.get("rotation"), try value.get("scale")]
        if parts.contains(where: { $0 != nil }) {
          note("a matrix beside translation, rotation or scale; the matrix counts", value)
        }
        let v = try m.numbers(16)
        guard v[3] == 0, v[7] == 0, v[11] == 0, v[15] == 1 else {
          throw m.error(found: "the last row \(v[3]), \(v[7]), \(v[11]), \(v[15])", expected: "0, 0, 0, 1")
        }
        let linear = Matrix3(
          columns: Vector3(v[0], v[1], v[2]), Vector3(v[4], v[5], v[6]), Vector3(v[8], v[9], v[10]))
        node.matrix = AffineTransform(linear: linear, translation: Vector3(v[12], v[13], v[14]))
        if GLTFReader.isSheared(linear) { note("a matrix that is no translation, rotation and scale", value) }
      }
      if let weights = node.weights {
        guard let mesh = node.mesh else { throw value.error(found: "weights without a mesh", expected: "a mesh") }
        let targets = document.meshes[mesh].weights.count
        guard weights.count == targets else {
          throw value.error(found: "\(weights.count) weights", expected: "\(targets), one a morph target")
        }
      }
      if node.skin != nil, node.mesh == nil { throw value.error(found: "a skin without a mesh", expected: "a mesh") }
      document.nodes.append(node)
    }
    for i in document.nodes.indices {
      for c in document.nodes[i].children {
        guard document.nodes[c].parent == nil, c != i else {
          throw document.nodes[c].value.error(found: "a node with two parents", expected: "at most one")
        }
        document.nodes[c].parent = i
      }
    }
    try checkForCircles()
  }

  private static func isSheared(_ m: Matrix3) -> Bool {
    let (a, b, c) = (m.column0, m.column1, m.column2)
    let lengths = (a.length, b.length, c.length)
    return abs(dot(a, b)) > 1e-4 * lengths.0 * lengths.1 || abs(dot(b, c)) > 1e-4 * lengths.1 * lengths.2
      || abs(dot(c, a)) > 1e-4 * lengths.2 * lengths.0
  }

  /// With one parent each, what cannot be reached from a root goes round in a circle.
  private func checkForCircles() throws(ImportError) {
    var pending = document.nodes.indices.filter { document.nodes[$0].parent == nil }
    var reached = Set(pending)
    while let i = pending.popLast() {
      for c in document.nodes[i].children where reached.insert(c).inserted { pending.append(c) }
    }
    guard let lost = document.nodes.indices.first(where: { !reached.contains($0) }) else { return }
    throw document.nodes[lost].value.error(found: "a node that is its own ancestor", expected: "a tree")
  }

  mutating func readScenes() throws(ImportError) {
    for value in try collection("scenes") {
      var nodes: [Int] = []
      if let listed = try value.get("nodes") {
        for item in try listed.elements() {
          let i = try item.index(of: "node", count: document.nodes.count)
          if document.nodes[i].parent != nil { note("a scene that lists a node below another", item) }
          guard !nodes.contains(i) else { throw item.error(found: "node \(i) a second time", expected: "each once") }
          nodes.append(i)
        }
        if nodes.isEmpty { note("an empty list, which should be left out", listed) }
      }
      document.scenes.append(.init(name: try value.text("name"), nodes: nodes))
    }
    document.scene = try root.index("scene", of: "scene", count: document.scenes.count)
  }
}
