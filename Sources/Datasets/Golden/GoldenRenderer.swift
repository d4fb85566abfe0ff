import Annotators
import Documents
import Imaging
import Rasterization
import Sampling
import Stage

/// Renders frames of a scene to be compared, one after the other, each by all threads.
final class GoldenRenderer {
  let header: DatasetHeader
  /// What is named of every frame beside its own values: the files that the scene names.
  let files: [SceneParameter]
  private let scene: CompiledScene
  let source: FrameSource
  private let render: FrameRenderer
  private let clock = StageClock()
  private let annotation: FrameAnnotation

  convenience init(
    scene path: String, seed: UInt64?, size: [Int]?, annotations names: [String]?, threads: Int
  ) throws(DatasetError) {
    let scene: CompiledScene
    var plan: AnnotationPlan?
    do throws(SceneError) {
      scene = try CompiledScene.load(
        path: path, overrides: SceneOverrides(width: size?[0], height: size?[1], seed: seed))
      if let names {
        do { plan = try AnnotationPlan(names: names) } catch {
          throw SceneError(message: "annotations: \(error.message(files: []))")
        }
      }
    } catch { throw .refused(error.description) }
    try self.init(scene, annotations: plan, threads: threads)
  }

  /// - Parameter annotations: in place of what the scene asks for.
  init(_ scene: CompiledScene, annotations: AnnotationPlan?, threads: Int) throws(DatasetError) {
    self.scene = scene
    do throws(SceneError) { source = try FrameSource(scene, annotations: annotations) } catch {
      throw .refused(error.description)
    }
    do { render = try standardRenderer(frameThreads: threads)(clock) } catch { throw .refused("\(error)") }
    // A golden says what it was recorded from in words of its own.
    var own = DatasetHeader(source, chunk: 64)
    own.document = nil
    header = own
    annotation = FrameAnnotation(source.annotations, source.dataset)
    files = scene.assets.map { SceneParameter(path: "file " + $0.path, value: Node(.string($0.digest.description))) }
  }

  func frame(_ number: Int) throws(DatasetError) -> ComparedFrame {
    do {
      let frame = try source.begin(annotation, frame: number, render, clock)
      var planes: [ComparedPlane] = []
      for a in source.annotations.annotators {
        if let plane = a.plane(of: source.dataset) { planes.append(ComparedPlane(plane, try a.draw(annotation))) }
      }
      var record = FrameRecord(
        frame, number: number, source: header.source, depthScale: source.depthScale, planes: [])
      try annotation.describe(&record)
      return ComparedFrame(
        frame: number, labels: try labelTree(record), planes: planes,
        parameters: sceneParameters(try scene.document(frame: number / scene.pictures)))
    } catch let error as DatasetError { throw error } catch { throw .frame(number, "\(error)") }
  }
}
