import Rasterization
import Sampling
import Stage
import Synchronization

/// The visibility pass that a scene's rules ask for: the rasterizer without shading, on a smaller image of the same view.
final class SceneVisibility: Sendable {
  /// Wider images are halved, or cut to a third and so on, until they are about this wide: rules ask for shares and sizes,
  /// and a quarter of the pixels tells those well.
  static let width = 320

  /// Rasterizers that are free; whoever takes one out owns it until it is put back.
  private let free = Mutex<[Box]>([])

  /// A rasterizer serves one caller at a time, and the list hands it to one at a time.
  private struct Box: @unchecked Sendable {
    let rasterizer: Rasterizer
  }

  func count(_ frame: Frame) -> (instances: [Sampling.InstanceVisibility], scale: Double) {
    let factor = max(frame.width / SceneVisibility.width, 1)
    let box = free.withLock { $0.popLast() } ?? Box(rasterizer: Rasterizer())
    let counts = box.rasterizer.visibility(of: SceneVisibility.reduced(frame, by: factor))
    free.withLock { $0.append(box) }
    return (
      counts.map { Sampling.InstanceVisibility(visiblePixels: $0.visible, amodalPixels: $0.amodal) },
      Double(factor * factor)
    )
  }

  /// The same view in pixels `factor` times as wide and high.
  static func reduced(_ frame: Frame, by factor: Int) -> Frame {
    var small = frame
    let f = Double(factor)
    small.width = (frame.width + factor - 1) / factor
    small.height = (frame.height + factor - 1) / factor
    small.camera.fx /= f
    small.camera.fy /= f
    small.camera.cx /= f
    small.camera.cy /= f
    return small
  }
}

/// Gives a scene the assets and the visibility pass that judging its frames takes, and returns the assets. To be called
/// once, before frames are asked for.
///
/// - Parameter notes: told, once and from any thread, what the scene's files hold that is not drawn.
@discardableResult
public func equip(
  _ scene: CompiledScene, notes: @escaping @Sendable (String) -> Void = { _ in }
) -> any AssetSource {
  let assets = SceneAssets(notes: notes)
  equip(scene, with: assets)
  return assets
}

/// The same with assets that other scenes may share.
func equip(_ scene: CompiledScene, with assets: SceneAssets) {
  if scene.needsVisibility {
    let visibility = SceneVisibility()
    scene.attach(assets: assets) { frame in visibility.count(frame) }
  } else {
    scene.attach(assets: assets, visibility: nil)
  }
}
