import Annotators
import Datasets
import Formats
import Glibc
import Sampling
import Synchronization

/// What one run took.
struct Measurement {
  var threads: Int
  var frames: Int
  var width: Int
  var height: Int
  var wallSeconds: Double
  /// Of all threads.
  var processorSeconds: Double
  /// Until the first image had its final name.
  var firstImageSeconds: Double
  /// The process's highest resident memory so far.
  var peakBytes: Int
  /// Processor time by stage, summed over threads and frames, in seconds.
  var stages: [(name: String, seconds: Double)]

  /// What no stage accounts for: reading the scene, making meshes and textures, events, starting threads.
  var otherSeconds: Double { processorSeconds - stages.reduce(0) { $0 + $1.seconds } }
  var imagesPerSecond: Double { Double(frames) / wallSeconds }

  /// Seconds of processor time as milliseconds a frame.
  func perFrame(_ seconds: Double) -> Double { seconds * 1000 / Double(frames) }
}

struct BenchError: Error {
  var message: String
  var code: Int32
}

/// Renders frames 0..<frames of a scene, from reading its file to derived annotations, and removes what was rendered.
func measure(
  scene path: String, _ overrides: SceneOverrides, frames: Int, threads: Int, under folder: String,
  annotations: AnnotationPlan? = nil
) throws(BenchError) -> Measurement {
  let target = FileSystem.temporaryName(for: folder + "/diorama-bench")
  defer { remove(target) }
  let clock = ContinuousClock.now
  let processor = processorSeconds()
  let firstImage = Mutex<Double?>(nil)
  let scene: CompiledScene
  do { scene = try CompiledScene.load(path: path, overrides: overrides) } catch {
    throw BenchError(message: "\(error)", code: 65)
  }
  var options = RenderOptions(folder: target, frames: 0..<frames, threads: threads)
  options.isTimed = true
  let source: FrameSource
  do { source = try FrameSource(scene, annotations: annotations) } catch {
    throw BenchError(message: "\(error)", code: 65)
  }
  let summary: RenderSummary
  do {
    summary = try renderDataset(
      source, options, renderer: standardRenderer(frameThreads: options.frameThreads),
      events: { event in
        guard case .frame = event else { return }
        firstImage.withLock { $0 = $0 ?? seconds(since: clock) }
      })
  } catch { throw BenchError(message: "\(error)", code: error.exitCode) }
  let wall = seconds(since: clock)
  return Measurement(
    threads: threads, frames: summary.made, width: scene.width, height: scene.height, wallSeconds: wall,
    processorSeconds: processorSeconds() - processor, firstImageSeconds: firstImage.withLock { $0 } ?? wall,
    peakBytes: ProcessAllotment.memory.peak,
    stages: summary.times.stages.map { ($0.name, $0.time / .seconds(1)) })
}

/// Seconds of processor time that frames 0..<frames take on one thread, written as a dataset that goes again.
func processorTime(of source: FrameSource, frames: Int, under folder: String) throws(BenchError) -> Double {
  let target = FileSystem.temporaryName(for: folder + "/diorama-bench")
  defer { remove(target) }
  let start = processorSeconds()
  do {
    _ = try renderDataset(
      source, RenderOptions(folder: target, frames: 0..<frames, threads: 1), renderer: standardRenderer())
  } catch { throw BenchError(message: "\(error)", code: error.exitCode) }
  return processorSeconds() - start
}

private func seconds(since start: ContinuousClock.Instant) -> Double { (ContinuousClock.now - start) / .seconds(1) }

/// Of this process, all threads.
private func processorSeconds() -> Double {
  var t = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t)
  return Double(t.tv_sec) + Double(t.tv_nsec) * 1e-9
}

/// Removes a folder that this program made, or what there is of it.
private func remove(_ path: String) {
  guard FileSystem.isFolder(path) else { return FileSystem.remove(path) }
  for name in (try? FileSystem.names(in: path)) ?? [] { remove(path + "/" + name) }
  rmdir(path)
}
