/// Values by key, up to a number of bytes; what was used longest ago goes first.
///
/// Finding and storing take constant time on average: when the limit is passed, a quarter of it is freed at once, so that
/// the sorting this takes is paid by many insertions.
struct AssetCache<Key: Hashable, Value> {
  private struct Entry {
    var value: Value
    var bytes: Int
    var lastUse: Int
  }

  let limit: Int
  private var entries: [Key: Entry] = [:]
  private(set) var bytes = 0
  private var clock = 0

  /// - Parameter limit: in bytes; one value that is larger alone is kept until the next one comes.
  init(limit: Int) { self.limit = limit }

  var count: Int { entries.count }

  mutating func find(_ key: Key) -> Value? {
    clock += 1
    entries[key]?.lastUse = clock
    return entries[key]?.value
  }

  /// Stores `value`, unless the key has one already, and returns the one that is stored.
  mutating func insert(_ value: Value, bytes size: Int, for key: Key) -> Value {
    if let known = find(key) { return known }
    entries[key] = Entry(value: value, bytes: size, lastUse: clock)
    bytes += size
    if bytes > limit { evict(sparing: clock) }
    return value
  }

  private mutating func evict(sparing newest: Int) {
    // No two entries share a last use, so the order does not depend on the dictionary's.
    for (key, entry) in entries.sorted(by: { $0.value.lastUse < $1.value.lastUse }) {
      if bytes <= limit - limit / 4 || entry.lastUse == newest { return }
      entries[key] = nil
      bytes -= entry.bytes
    }
  }
}
