// A compiled scene, an asset library and the rasterizer, put together to a source of frames and a renderer.

import Annotators
import Documents
import Formats
import Imaging
import Importing
import Rasterization
import Sampling
import Stage

extension FrameSource {
  /// The frames of a scene. Meshes and textures are made once and shared by all workers.
  ///
  /// - Parameters:
  ///   - annotations: in place of what the scene asks for, or of the standard ones where it says nothing.
  ///   - notes: told, once and from any thread, what the scene's files hold that is not drawn.
  /// - Throws: where the scene asks for annotations that there are not.
  public init(
    _ scene: CompiledScene, annotations: AnnotationPlan? = nil, notes: @escaping @Sendable (String) -> Void = { _ in }
  ) throws(SceneError) {
    let plan = if let annotations { annotations } else { try AnnotationPlan(scene) }
    let assets = equip(scene, notes: notes)
    // A rig's pictures are frames of the dataset like any other, one after the other: picture p is view p % n of the
    // scene's frame p / n.
    let pictures = scene.pictures
    self.init(
      name: scene.name, digest: scene.digest, seed: scene.seed, frameCount: scene.frameCount * pictures,
      categories: scene.categories, depthScale: scene.output.depthScale,
      annotations: plan,
      neighbour: { index, step in
        try scene.neighbour(index / pictures, step, view: index % pictures, assets: assets)
      }
    ) { index in try scene.frame(index / pictures, view: index % pictures, assets: assets) }
    // Sets of the standard annotations are the same whether these are named or not.
    document = plan.isStandard(dataset) ? scene.text : scene.annotatedText
    self.assets = scene.assets.map {
      DatasetAsset(
        path: $0.path, digest: $0.digest, license: $0.license.license, isPhotograph: $0.license.isPhotograph)
    }
  }
}

extension AnnotationPlan {
  /// What a scene asks for: the standard ones where it says nothing.
  public init(_ scene: CompiledScene) throws(SceneError) {
    guard let node = scene.annotations else {
      self = .standard
      return
    }
    self = try scene.reading("annotations") { () throws(DocumentError) in try AnnotationPlan(node) }
  }
}

extension AnnotationPlan {
  /// Whether a dataset with these annotations is one of which nothing is said.
  func isStandard(_ dataset: AnnotatedDataset) -> Bool {
    descriptions(of: dataset).map(\.form) == AnnotationPlan.standard.descriptions(of: dataset).map(\.form)
  }
}

extension DerivedFormat {
  /// What a scene asks for; nil where it says nothing.
  public static func list(of scene: CompiledScene) throws(SceneError) -> [DerivedFormat]? {
    guard let node = scene.formats else { return nil }
    return try scene.reading("formats") { () throws(DocumentError) in
      let names = try [String].decode(node)
      guard case .sequence(let items) = node.content else { return [] }
      for (i, name) in names.enumerated() {
        guard DerivedFormat.names.contains(name) else {
          throw DocumentError(unknown: "format", name, at: items[i].mark, among: DerivedFormat.names).inside(index: i)
        }
        guard !names[..<i].contains(name) else {
          throw DocumentError(items[i].mark, found: "\"\(name)\" a second time", expected: "each format once")
            .inside(index: i)
        }
      }
      do { return try DerivedFormat.list(names) } catch {
        throw DocumentError(node, expected: "formats: \(error)")
      }
    }
  }
}

/// The rasterizer as a worker's renderer, with its stages on the worker's clock.
///
/// - Parameter frameThreads: how many threads share a frame.
public func standardRenderer(frameThreads: Int = 1) -> RendererFactory {
  { clock in
    let rasterizer = Rasterizer(threads: frameThreads)
    let photographer = FramePhotographer(rasterizer, clock: clock)
    return { frame, needs in
      let before = rasterizer.times.nanoseconds
      let rendered = try photographer.render(frame, needs)
      if clock.isOn {
        for stage in StageTimes.Stage.allCases {
          let spent = rasterizer.times.nanoseconds[stage.rawValue] - before[stage.rawValue]
          clock.add(.nanoseconds(spent), to: "\(stage)")
        }
      }
      return rendered
    }
  }
}

/// An asset library as a scene asks for it.
final class SceneAssets: AssetSource {
  private let library: AssetLibrary

  init(notes: @escaping @Sendable (String) -> Void) { library = AssetLibrary(notes: notes) }

  func mesh(of shape: any Shape) -> Mesh { library.mesh(of: shape) }

  func texture(of pattern: any Pattern, resolution: Int) -> Texture {
    library.texture(of: pattern, resolution: resolution)
  }

  func texture(path: String, isColour: Bool) throws(AssetError) -> Texture {
    do { return try library.texture(file: path, isColour: isColour) } catch { throw AssetError(message: "\(error)") }
  }

  func surface(of layers: [any SurfaceLayer], resolution: Int) -> SurfaceMaps {
    library.surface(of: layers, resolution: resolution)
  }

  func environment(of sky: any Sky) -> Environment { library.environment(of: sky) }

  func environment(path: String, cuttingSun: Bool) throws(AssetError) -> Environment {
    do { return try library.environment(file: path, cuttingSun: cuttingSun) } catch {
      throw AssetError(message: "\(error)")
    }
  }

  func model(path: String, pose: ModelPose) throws(AssetError) -> SceneModel {
    do throws(ImportError) {
      let model = try library.model(file: path, pose: pose)
      var materials: [Material] = []
      for m in model.materials {
        materials.append(
          try m.material { (texture, isColour) throws(ImportError) in try library.texture(texture, isColour: isColour) }
        )
      }
      return SceneModel(mesh: model.mesh, materials: materials, nodes: model.nodes, keypoints: model.keypoints)
    } catch { throw AssetError(message: "\(error)") }
  }
}
