import Documents
import Synchronization

/// The attempts that sequences are, of those found last; what is forgotten is found again. Threads that are after the same
/// sequence's wait for the one that looks for it.
final class FoundAttempts: Sendable {
  private static let most = 1024

  /// By the number of the sequence.
  private let found = Mutex<[Int: Int]>([:])
  private let searches = (0..<64).map { _ in Search() }

  private final class Search: Sendable {
    let turn = Mutex<Void>(())
  }

  /// - Parameter search: looks for it; what it throws is not kept, so that every frame of the sequence says it.
  func attempt(
    ofSequence sequence: Int, _ search: () throws(DocumentError) -> Int
  ) throws(DocumentError) -> Int {
    func known() -> Int? { found.withLock { $0[sequence] } }
    if let number = known() { return number }
    return try searches[sequence % searches.count].turn.withLock { (_) throws(DocumentError) in
      if let number = known() { return number }
      let number = try search()
      found.withLock { found in
        if found.count >= FoundAttempts.most { found.removeAll() }
        found[sequence] = number
      }
      return number
    }
  }
}
