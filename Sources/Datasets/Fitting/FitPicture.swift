import Annotators
import Dispatch
import Documents
import Formats
import Rasterization
import Sampling
import Stage
import Synchronization

/// A rendered picture as fitting sees it: its objects, and what was drawn for them.
struct FitPicture: Sendable {
  struct Object: Sendable {
    /// Index of its class among those that are compared.
    var category: Int
    var box: (x: Double, y: Double, width: Double, height: Double)
    var area: Double
    /// Index and number of each axis that was drawn for it or for what it stands under.
    var draws: [(axis: Int, value: Double)]
  }

  var width: Int
  var height: Int
  var objects: [Object]
  /// What was drawn for the whole frame, and every count.
  var draws: [(axis: Int, value: Double)]
  /// Every choice that was made for it, whether what was chosen is seen or not.
  var picks: [(axis: Int, option: Int)] = []
}

/// Renders labels of frames on several threads. Meshes are kept from one form of a scene to the next.
final class FitRenderer: Sendable {
  private let assets: SceneAssets
  private let threads: Int
  /// For each name of a class its index among those that are compared.
  private let classes: [String: Int]

  init(classes: [String], threads: Int) {
    assets = SceneAssets(notes: { _ in })
    self.threads = max(threads, 1)
    self.classes = Dictionary(zip(classes, classes.indices)) { a, _ in a }
  }

  /// The pictures of the first `frames` frames, a rig's views one after the other; of a scene with time, one frame a sequence,
  /// each at another moment.
  ///
  /// - Throws: the error of the first frame that cannot be made.
  func pictures(_ scene: CompiledScene, frames: Int, axes: [FitAxis]) throws(SceneError) -> [FitPicture] {
    equip(scene, with: assets)
    let marks = Set(axes.map(\.site.mark))
    var byMark: [Mark: [Int]] = [:]
    for (i, a) in axes.enumerated() { byMark[a.site.mark, default: []].append(i) }
    let length = scene.framesPerSequence ?? 1
    let classOf = [-1] + scene.categories.map { classes[$0.name] ?? -1 }
    let next = Atomic<Int>(0)
    let found = Mutex<[Result<[FitPicture], SceneError>?]>(Array(repeating: nil, count: frames))
    let axesByMark = byMark
    DispatchQueue.concurrentPerform(iterations: min(threads, frames)) { _ in
      let worker = Worker(classOf: classOf, axes: axes, axesByMark: axesByMark)
      while true {
        let n = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard n < frames else { return }
        let result: Result<[FitPicture], SceneError>
        do throws(SceneError) {
          let (views, draws) = try scene.logged(n * length + n % length, at: marks, assets: self.assets)
          result = .success(try views.map { (f) throws(SceneError) in try worker.picture(f, draws) })
        } catch { result = .failure(error) }
        found.withLock { $0[n] = result }
        if case .failure = result { return }
      }
    }
    var pictures: [FitPicture] = []
    for r in found.withLock({ $0 }) {
      // Frames behind one that failed may be missing.
      guard let r else { continue }
      pictures += try r.get()
    }
    return pictures
  }

  /// One a thread.
  private final class Worker {
    let classOf: [Int]
    let axes: [FitAxis]
    let axesByMark: [Mark: [Int]]
    let rasterizer = Rasterizer()
    let scanner = VisibleRegionScanner()

    init(classOf: [Int], axes: [FitAxis], axesByMark: [Mark: [Int]]) {
      (self.classOf, self.axes, self.axesByMark) = (classOf, axes, axesByMark)
    }

    func picture(_ frame: Frame, _ draws: [LoggedDraw]) throws(SceneError) -> FitPicture {
      let seen = rasterizer.render(frame, .labelsOnly)
      let regions: [VisibleRegion]
      do {
        regions = try scanner.regions(of: seen.gbuffer.instanceIndex, instanceCount: frame.instances.count)
      } catch { throw SceneError(message: "\(error)") }
      var picture = FitPicture(width: frame.width, height: frame.height, objects: [], draws: [])
      var own: [(draw: LoggedDraw, values: [(axis: Int, value: Double)])] = []
      for d in draws {
        var values: [(axis: Int, value: Double)] = []
        for a in axesByMark[d.mark] ?? [] { if let x = axes[a].value(of: d) { values.append((a, x)) } }
        own.append((d, values))
        if case .option(let option) = d.outcome { for v in values { picture.picks.append((v.axis, option)) } }
        for v in values where d.owner.isEmpty || axes[v.axis].isCount { picture.draws.append(v) }
      }
      for (instance, region) in zip(frame.instances, regions) where instance.id != 0 {
        guard let box = region.box, classOf.indices.contains(instance.category), classOf[instance.category] >= 0 else {
          continue
        }
        picture.objects.append(
          FitPicture.Object(
            category: classOf[instance.category],
            box: (Double(box.x), Double(box.y), Double(box.width), Double(box.height)), area: Double(region.pixels),
            draws: own.flatMap { $0.draw.concerns(instance.name) ? $0.values : [] }))
      }
      return picture
    }
  }
}

extension AnnotationStatistics {
  /// Of pictures of the classes that are compared.
  init(_ pictures: [FitPicture], classes: [String]) {
    self.init(classes: classes.enumerated().map { ($0.offset + 1, $0.element) })
    for p in pictures {
      let image = addImage(width: p.width, height: p.height)
      for o in p.objects { add(ObjectSample(category: o.category, box: o.box, area: o.area), toImage: image) }
    }
    finish()
  }
}
