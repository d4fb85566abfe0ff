import Documents
import Geometry
import Stage

/// Turns concrete documents into frames. Keeps what constant subtrees became, so one serves one thread at a time.
struct FrameAssembler {
  private let assets: any AssetSource
  private let parts: SceneParts
  private let files: SceneFiles
  private let categories: [String: Int]
  private var meshes: [MeshUse?]
  private var materials: [Material?]
  private var textures: [Texture?]
  private var environments: [Environment?]
  private var compounds = CompoundMeshes()
  private var tangents = TangentMeshes()
  private var modified = ModifiedMeshes()

  /// A mesh with the materials that came with it.
  private struct MeshUse {
    var mesh: Mesh
    var materials: [Material]
    /// For each slot the part that it belongs to; empty where the slots are the parts.
    var partNames: [String] = []
  }

  init(assets: any AssetSource, parts: SceneParts, files: SceneFiles, categories: [Category], sharedCount: Int) {
    self.assets = assets
    self.parts = parts
    self.files = files
    self.categories = Dictionary(categories.map { ($0.name, $0.id) }, uniquingKeysWith: { first, _ in first })
    meshes = Array(repeating: nil, count: sharedCount)
    materials = Array(repeating: nil, count: sharedCount)
    textures = Array(repeating: nil, count: sharedCount)
    environments = Array(repeating: nil, count: sharedCount)
  }

  func serves(_ other: any AssetSource) -> Bool { assets === other }

  /// - Parameters:
  ///   - index: the frame's number in the scene.
  ///   - view: which camera of a rig; the frame's index counts all of them.
  mutating func frame(
    _ scene: SceneSpec, document: Node, index: Int, view number: Int = 0
  ) throws(DocumentError) -> Frame {
    let image = scene.image.value
    guard var cameraSpec = scene.camera else { throw DocumentError(document, expected: "a camera") }
    let camera: Camera
    let chain: PhotographicChain
    var views = 1
    do throws(DocumentError) {
      var node = document["camera"] ?? document
      let rig = cameraSpec.rig == nil ? [] : try ViewSpec.list(node)
      if number < rig.count {
        views = rig.count
        node = rig[number].camera
        cameraSpec = try CameraSpec.decode(node)
      }
      let single = try cameraSpec.camera(width: image.width, height: image.height, at: node)
      camera = number < rig.count ? rig[number].placed(single) : single
      chain = try cameraSpec.photography(camera, width: image.width, view: number, at: node)
    } catch { throw error.inside("camera") }
    var frame = Frame(
      index: index * views + number, width: image.width, height: image.height, camera: camera,
      sun: scene.sun?.value.sun,
      exposure: scene.exposure)
    if let environment = scene.environment {
      do { frame.environment = try environmentUse(environment) } catch { throw error.inside("environment") }
      if environment.value.sun, frame.sun == nil { frame.sun = frame.environment?.sun }
    }
    if let ambient = scene.ambient ?? (scene.environment == nil ? Shared(AmbientSpec()) : nil) {
      frame.ambient = ambient.value.light
    }
    switch scene.background?.value {
    case nil: break
    case .color(let color)?:
      frame.background = color.linear
      // A colour that is asked for is seen, also before an environment.
      frame.environment?.isBackground = false
    case .picture(let part)?:
      do {
        frame.backgroundPicture = try part.picture(
          width: image.width, height: image.height, BackgroundAssets(source: assets, files: files))
      } catch { throw error.inside("background") }
    }
    frame.photography = chain
    frame.sequence = scene.sequence?.place
    frame.cameraMotion = cameraSpec.motion
    frame.lights = scene.lights.map(\.light)
    frame.ambientOcclusion = scene.ambientOcclusion?.value
    frame.textureFilter = scene.textureFilter
    frame.parameters = scene.parameters?.list ?? []
    frame.instances.reserveCapacity(scene.objects.count)
    var nextID: UInt32 = 1
    let nodes: [Node] = if case .sequence(let s)? = document["objects"]?.content { s } else { [] }
    for (i, object) in scene.objects.enumerated() {
      do {
        frame.instances.append(try instance(object.value, at: i < nodes.count ? nodes[i] : document, &nextID))
      } catch { throw error.inside(index: i).inside("objects") }
    }
    return frame
  }

  private mutating func environmentUse(_ spec: Shared<EnvironmentSpec>) throws(DocumentError) -> EnvironmentUse {
    let value = spec.value
    let environment: Environment
    if let file = value.file {
      do { environment = try assets.environment(path: files.path(of: file), cuttingSun: value.sun) } catch {
        throw DocumentError(file.mark, found: "\"\(file.path)\": \(error.message)", expected: "a Radiance .hdr picture")
          .inside("file")
      }
    } else if let sky = value.sky {
      if let i = sky.index, let kept = environments[i] {
        environment = kept
      } else {
        do { environment = assets.environment(of: try parts.skies.decode(sky.value.node)) } catch {
          throw error.inside("sky")
        }
        if let i = sky.index { environments[i] = environment }
      }
    } else {
      throw DocumentError(.none, found: "no environment", expected: "file or sky")
    }
    return EnvironmentUse(
      environment: environment, rotation: value.rotation.degreesInRadians, scale: value.scale,
      isBackground: value.background)
  }

  private mutating func instance(_ object: ObjectSpec, at node: Node, _ nextID: inout UInt32) throws(DocumentError)
    -> Instance
  {
    var use: MeshUse
    if let shape = object.shape {
      do { use = try mesh(shape) } catch { throw error.inside("shape") }
    } else if let mesh = object.mesh {
      do { use = try model(mesh) } catch { throw error.inside("mesh") }
    } else if let parts = object.parts {
      use = try compound(parts, object.material)
    } else {
      throw DocumentError(node, expected: "a shape, a mesh or parts")
    }
    if let modifiers = object.modifiers, !modifiers.isEmpty {
      use.mesh = modified.mesh(use.mesh, try decodeModifiers(modifiers))
    }
    var slots = use.materials
    if let material = object.material, object.parts == nil {
      do throws(DocumentError) {
        let m = try self.material(material)
        for i in slots.indices { slots[i] = m }
      } catch { throw error.inside("material") }
    }
    if let named = object.materials {
      for name in named.keys.sorted() where !use.mesh.slotNames.contains(name) {
        throw DocumentError(unknown: "slot", name, at: node["materials"]?.mark ?? node.mark, among: use.mesh.slotNames)
          .inside("materials")
      }
      for (i, name) in use.mesh.slotNames.enumerated() {
        guard let material = named[name] else { continue }
        do { slots[i] = try self.material(material) } catch { throw error.inside(name).inside("materials") }
      }
    }
    if let decals = object.decals, !decals.isEmpty {
      let made = try self.decals(decals)
      for i in slots.indices { slots[i].decals += made }
    }
    var (id, category) = (UInt32(0), 0)
    if let name = object.category {
      guard let known = categories[name] else {
        throw DocumentError(
          unknown: "category", name, at: node["category"]?.mark ?? node.mark, among: categories.keys.sorted())
      }
      (id, category) = (nextID, known)
      nextID += 1
    }
    // Normal maps need to know where u and v run.
    var mesh = use.mesh
    if mesh.tangents.isEmpty, slots.contains(where: { $0.normalTexture != nil && $0.projection == .uv }) {
      mesh = tangents.mesh(mesh)
    }
    var placed = Instance(
      id: id, category: category, name: object.id, mesh: mesh, objectToWorld: object.objectToWorld,
      materials: slots, castsShadow: object.shadow)
    placed.motion = Motion(velocity: object.velocity, rotation: object.angularVelocity * (Double.pi / 180))
    placed.attributes = object.attributes?.list ?? []
    placed.symmetries = object.symmetries.map(\.symmetry)
    placed.partNames = use.partNames
    return placed
  }

  private mutating func mesh(_ shape: Shared<ShapeSyntax>) throws(DocumentError) -> MeshUse {
    if let i = shape.index, let kept = meshes[i] { return kept }
    let mesh = assets.mesh(of: try parts.shapes.decode(shape.value.node))
    let use = MeshUse(mesh: mesh, materials: Array(repeating: Material(), count: mesh.slotNames.count))
    if let i = shape.index { meshes[i] = use }
    return use
  }

  /// Several meshes in one; the slots are those of the parts, one after the other.
  private mutating func compound(
    _ parts: [Shared<PartSpec>], _ material: Shared<MaterialSpec>?
  ) throws(DocumentError) -> MeshUse {
    var pieces: [CompoundMeshes.Piece] = []
    var materials: [Material] = []
    var partNames: [String] = []
    for (i, part) in parts.enumerated() {
      do throws(DocumentError) {
        var use: MeshUse
        if let shape = part.value.shape {
          do { use = try mesh(shape) } catch { throw error.inside("shape") }
        } else if let file = part.value.mesh {
          do { use = try model(file) } catch { throw error.inside("mesh") }
        } else {
          throw DocumentError(.none, found: "no form", expected: "a shape or a mesh")
        }
        if let own = part.value.material ?? material {
          let m: Material
          do { m = try self.material(own) } catch { throw error.inside("material") }
          use.materials = Array(repeating: m, count: use.materials.count)
        }
        pieces.append(.init(mesh: use.mesh, transform: part.value.partToObject))
        materials.append(contentsOf: use.materials)
        // A part without a name has those of its slots.
        let names = part.value.name.map { Array(repeating: $0, count: use.materials.count) } ?? use.mesh.slotNames
        partNames.append(contentsOf: names)
      } catch { throw error.inside(index: i).inside("parts") }
    }
    return MeshUse(mesh: compounds.mesh(pieces), materials: materials, partNames: partNames)
  }

  private mutating func model(_ spec: Shared<MeshSpec>) throws(DocumentError) -> MeshUse {
    if let i = spec.index, let kept = meshes[i] { return kept }
    let file = spec.value.file
    let model: SceneModel
    do { model = try assets.model(path: files.path(of: file), pose: spec.value.pose) } catch {
      throw DocumentError(file.mark, found: "\"\(file.path)\": \(error.message)", expected: "a mesh file").inside(
        "file")
    }
    let use = MeshUse(mesh: model.mesh, materials: model.materials)
    if let i = spec.index { meshes[i] = use }
    return use
  }

  private mutating func material(_ spec: Shared<MaterialSpec>) throws(DocumentError) -> Material {
    if let i = spec.index, let kept = materials[i] { return kept }
    let s = spec.value
    var material = Material()
    if let texture = s.texture {
      do { material.baseColorTexture = try textureUse(texture) } catch { throw error.inside("texture") }
      material.baseColor = Vector3(1, 1, 1)
    }
    if let texture = s.metallicRoughnessTexture {
      material.metallicRoughnessTexture = try data(texture, "metallic_roughness_texture")
      (material.metallic, material.roughness) = (1, 1)
    }
    if let texture = s.normalTexture { material.normalTexture = try data(texture, "normal_texture") }
    if let texture = s.occlusionTexture { material.occlusionTexture = try data(texture, "occlusion_texture") }
    if let texture = s.emissionTexture {
      do { material.emissiveTexture = try textureUse(texture) } catch { throw error.inside("emission_texture") }
      material.emission = Vector3(1, 1, 1)
    }
    if let surface = s.surface {
      do { try lay(surface, on: &material) } catch { throw error.inside("surface") }
    }
    if let c = s.color { material.baseColor = c.linear }
    if let m = s.metallic { material.metallic = m }
    if let r = s.roughness { material.roughness = r }
    if let e = s.emission { material.emission = e.linear }
    material.opacity = s.opacity ?? 1
    switch s.alphaMode ?? (material.opacity < 1 ? .blend : .opaque) {
    case .opaque: material.alphaMode = .opaque
    case .mask: material.alphaMode = .mask(cutoff: s.alphaCutoff)
    case .blend: material.alphaMode = .blend
    }
    if let sides = s.doubleSided { material.isDoubleSided = sides }
    material.normalScale *= s.normalScale
    material.occlusionStrength = s.occlusionStrength
    material.clearcoat = s.clearcoat
    material.clearcoatRoughness = s.clearcoatRoughness
    if let c = s.sheenColor { material.sheenColor = c.linear }
    material.sheenRoughness = s.sheenRoughness
    material.specular = s.specular
    if let c = s.specularColor { material.specularColor = c.linear }
    material.ior = s.ior
    material.transmission = s.transmission
    if s.projection == .triplanar { material.projection = .triplanar(scale: s.triplanarScale) }
    if let i = spec.index { materials[i] = material }
    return material
  }

  /// A texture of data rather than colours.
  private mutating func data(_ spec: Shared<TextureSpec>, _ key: String) throws(DocumentError) -> TextureUse {
    do { return try textureUse(spec, isColour: false) } catch { throw error.inside(key) }
  }

  private mutating func decals(_ list: [DecalSpec]) throws(DocumentError) -> [Decal] {
    var made: [Decal] = []
    for (i, spec) in list.enumerated() {
      do throws(DocumentError) {
        let use: TextureUse
        do { use = try textureUse(spec.texture) } catch { throw error.inside("texture") }
        if let decal = spec.decal(use) { made.append(decal) }
      } catch { throw error.inside(index: i).inside("decals") }
    }
    return made
  }

  /// Puts the maps of a procedural material in place.
  private func lay(_ spec: Shared<SurfaceSpec>, on material: inout Material) throws(DocumentError) {
    let value = spec.value
    var layers: [any SurfaceLayer] = []
    for (i, layer) in value.layers.enumerated() {
      do { layers.append(try surfaceRegistry.decode(layer.node)) } catch {
        throw error.inside(index: i).inside("layers")
      }
    }
    let maps = assets.surface(of: layers, resolution: value.resolution)
    func use(_ texture: Texture, _ encoding: TextureUse.Encoding) -> TextureUse {
      TextureUse(texture: texture, scale: value.scale.factors, offset: value.offset, encoding: encoding)
    }
    material.baseColor = Vector3(1, 1, 1)
    material.roughness = 1
    material.metallic = 1
    material.baseColorTexture = use(maps.color, .sRGB)
    material.metallicRoughnessTexture = use(maps.metallicRoughness, .linear)
    if let normal = maps.normal, value.relief > 0 {
      material.normalTexture = use(normal, .linear)
      // Heights are in units of the texture's side, on the surface as in the map: the slope does not change with scale.
      material.normalScale = value.relief
    }
  }

  private mutating func textureUse(
    _ spec: Shared<TextureSpec>, isColour: Bool = true
  ) throws(DocumentError) -> TextureUse {
    let t = spec.value
    func use(_ texture: Texture, ramp: TextureUse.Ramp?) -> TextureUse {
      TextureUse(
        texture: texture, scale: t.scale.factors, offset: t.offset, rotation: t.rotation.degreesInRadians,
        wrapU: t.wrap.wrap, wrapV: t.wrap.wrap, encoding: isColour ? .sRGB : .linear, ramp: ramp)
    }
    if let file = t.file {
      let texture: Texture
      do { texture = try assets.texture(path: files.path(of: file), isColour: isColour) } catch {
        throw DocumentError(
          file.mark, found: "\"\(file.path)\": \(error.message)", expected: "a PNG or JPEG image"
        )
        .inside("file")
      }
      return use(texture, ramp: nil)
    }
    guard let pattern = t.pattern else { throw DocumentError(.none, found: "no texture", expected: "file or pattern") }
    let texture: Texture
    if let i = pattern.index, let kept = textures[i] {
      texture = kept
    } else {
      do {
        texture = assets.texture(of: try parts.patterns.decode(pattern.value.node), resolution: t.resolution)
      } catch { throw error.inside("pattern") }
      if let i = pattern.index { textures[i] = texture }
    }
    let first = t.colors?.first?.linear ?? Vector3(0, 0, 0)
    let second = t.colors?.last?.linear ?? Vector3(1, 1, 1)
    return use(texture, ramp: .init(first: first, second: second))
  }
}
