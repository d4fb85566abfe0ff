/// Memory that a stage fills anew for every frame and keeps between frames. Elements are plain data; what is in it after
/// `reserve` is undefined.
struct Scratch<Element: BitwiseCopyable>: ~Copyable {
  private(set) var base: UnsafeMutablePointer<Element>
  private(set) var capacity: Int

  init(capacity: Int = 16) {
    base = .allocate(capacity: capacity)
    self.capacity = capacity
  }

  deinit { base.deallocate() }

  /// Makes room for `count` elements; what was there is lost if it has to grow.
  mutating func reserve(_ count: Int) {
    guard count > capacity else { return }
    base.deallocate()
    capacity = count + count / 4
    base = .allocate(capacity: capacity)
  }

  /// Makes room for `count` elements and keeps the first `kept`.
  mutating func grow(to count: Int, keeping kept: Int) {
    guard count > capacity else { return }
    let larger = count + count / 2
    let new = UnsafeMutablePointer<Element>.allocate(capacity: larger)
    new.update(from: base, count: kept)
    base.deallocate()
    base = new
    capacity = larger
  }
}
