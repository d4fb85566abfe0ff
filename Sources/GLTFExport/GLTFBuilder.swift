import Documents
import Geometry
import ImageCoding
import Imaging
import Stage

/// The file while it grows: each kind of thing in its list, in the order in which the frame first asks for it.
struct GLTFBuilder {
  let frame: Frame
  /// What light and emission are multiplied by, so that radiance 1 is white without an exposure.
  let lightScale: Double
  let encoder: PNGEncoder

  var binary = BinaryChunk()
  var nodes: [Node] = []
  var meshes: [Node] = []
  var materials: [Node] = []
  var textures: [Node] = []
  var samplers: [Node] = []
  var images: [Node] = []
  var lights: [Node] = []
  var cameras: [Node] = []
  var extensions: Set<String> = []
  var notes: [String] = []

  var nodeNames = UniqueNames()
  var meshNames = UniqueNames()
  var materialNames = UniqueNames()
  var imageNames = UniqueNames()

  // What is in the file already.
  var knownMeshes: [MeshKey: Int] = [:]
  var knownMaterials: [MaterialKey: Int] = [:]
  var knownVertices: [Digest: VertexAccessors] = [:]
  var knownProjections: [ProjectionKey: (mesh: Mesh, vertices: VertexAccessors)] = [:]
  var knownTextures: [String: Int] = [:]
  var knownSamplers: [String: Int] = [:]
  var knownImages: [ImageKey: Int] = [:]
  /// Names of instances of which something is left out, by what it is.
  var reductions: [(what: String, names: [String])] = []

  init(_ frame: Frame) throws(GLTFExportError) {
    self.frame = frame
    lightScale = StableMath.exp2(frame.exposure) * frame.photography.gain
    do { encoder = try PNGEncoder(effort: .small) } catch { throw GLTFExportError(description: "\(error)") }
  }

  mutating func addNode(_ members: [(String, Node)]) -> Int {
    nodes.append(.object(members))
    return nodes.count - 1
  }

  /// Notes that something of an instance is left out.
  mutating func reduce(_ what: String, _ name: String) {
    guard let k = reductions.firstIndex(where: { $0.what == what }) else {
      reductions.append((what, [name]))
      return
    }
    if reductions[k].names.last != name { reductions[k].names.append(name) }
  }

  /// The whole JSON.
  func document(scene: String, root: Int) -> Node {
    var asset: [(String, Node)] = [("version", .text("2.0")), ("generator", .text("Diorama"))]
    if !notes.isEmpty { asset.append(("extras", .object([("notes", .list(notes.map { .text($0) }))]))) }
    var members: [(String, Node)] = [("asset", .object(asset))]
    if !extensions.isEmpty { members.append(("extensionsUsed", .list(extensions.sorted().map { .text($0) }))) }
    if !lights.isEmpty {
      let own = Node.object([("lights", .list(lights))])
      members.append(("extensions", .object([("KHR_lights_punctual", own)])))
    }
    members.append(("scene", .whole(0)))
    members.append(
      (
        "scenes",
        .list([.object([("name", .text(scene)), ("nodes", .list([.whole(root)])), ("extras", sceneExtras)])])
      ))
    for (key, list) in [
      ("nodes", nodes), ("cameras", cameras), ("meshes", meshes), ("materials", materials), ("textures", textures),
      ("images", images), ("samplers", samplers), ("accessors", binary.accessors), ("bufferViews", binary.views),
    ] where !list.isEmpty { members.append((key, .list(list))) }
    if !binary.bytes.isEmpty {
      members.append(("buffers", .list([.object([("byteLength", .whole(binary.bytes.count))])])))
    }
    return .object(members)
  }

  /// What programs that know of it may make use of.
  private var sceneExtras: Node {
    var sky = frame.ambient.sky
    var ground = frame.ambient.ground
    if let all = frame.environment {
      sky += all.diffuse(normal: Vector3(0, 0, 1))
      ground += all.diffuse(normal: Vector3(0, 0, -1))
    }
    return .object([
      ("frame", .whole(frame.index)), ("width", .whole(frame.width)), ("height", .whole(frame.height)),
      ("exposure", .real(frame.exposure)), ("light_scale", .real(lightScale)),
      ("ambient_sky", .vector(sky * lightScale)), ("ambient_ground", .vector(ground * lightScale)),
      ("background", .vector(frame.background * lightScale)),
    ])
  }

  /// Tells what of the frame as a whole glTF has no words for. Cameras, lights and objects have told of themselves.
  mutating func noteWhatIsLeftOut() {
    for (what, names) in reductions {
      let more = names.count > 3 ? " and \(names.count - 3) more" : ""
      notes.append(names.prefix(3).joined(separator: ", ") + more + ": " + what)
    }
    if frame.environment != nil || frame.ambient.sky != Vector3() || frame.ambient.ground != Vector3() {
      notes.append(
        "light from all around is left out; the scene's extras ambient_sky and ambient_ground are its radiance from above "
          + "and from below")
    }
    if frame.ambientOcclusion != nil { notes.append("that light from all around stays out of corners is left out") }
    if frame.backgroundPicture != nil || frame.environment?.isBackground == true {
      notes.append("what is seen behind everything is left out")
    }
    if frame.exposure != 0 || frame.photography.gain != 1 {
      notes.append("light and emission are multiplied by the exposure, \(lightScale)")
    }
    if frame.isInMotion { notes.append("motion is left out: everything stands as in the middle of the exposure") }
    var chain = frame.photography
    (chain.gain, chain.shutter) = (1, Shutter())
    if !chain.isOff { notes.append("what lens, sensor and development do to the picture is left out") }
  }
}
