import Synchronization

/// The place beside a constant subtree where what it decodes to is kept, so that it is decoded once and not once a frame.
///
/// A subtree stands at one place of its document and is therefore decoded to one type.
public final class SharedSubtree: Sendable {
  /// Counts up from 0 in its document, so that others can keep tables beside it.
  public let index: Int
  @usableFromInline let decoded = Mutex<Kept?>(nil)

  public init(index: Int) { self.index = index }

  /// What an earlier `keep` stored.
  @inlinable public func kept<Value: Sendable>(as type: Value.Type) -> Value? {
    guard let kept = decoded.withLock({ $0 }), kept.type == ObjectIdentifier(Value.self) else { return nil }
    // The type was compared just now; a checked cast would look it up again.
    return unsafeDowncast(kept.box, to: Box<Value>.self).value
  }

  @inlinable public func keep<Value: Sendable>(_ value: Value) {
    decoded.withLock { $0 = Kept(type: ObjectIdentifier(Value.self), box: Box(value)) }
  }

  @usableFromInline struct Kept: Sendable {
    @usableFromInline let type: ObjectIdentifier
    @usableFromInline let box: any AnyObject & Sendable

    @usableFromInline init(type: ObjectIdentifier, box: any AnyObject & Sendable) {
      self.type = type
      self.box = box
    }
  }

  @usableFromInline final class Box<Value: Sendable>: Sendable {
    @usableFromInline let value: Value
    @usableFromInline init(_ value: Value) { self.value = value }
  }
}

/// A value that is decoded once where its subtree is constant.
public struct Shared<Value: DocumentValue>: DocumentValue {
  public var value: Value
  /// The subtree's index, or nil where it differs from frame to frame.
  public var index: Int?

  @inlinable public init(_ value: Value, index: Int? = nil) {
    self.value = value
    self.index = index
  }

  public static var grammar: Grammar { Value.grammar }

  @inlinable public static func decode(_ node: Node) throws(DocumentError) -> Shared {
    guard let subtree = node.shared else { return Shared(try Value.decode(node)) }
    if let value = subtree.kept(as: Value.self) { return Shared(value, index: subtree.index) }
    let value = try Value.decode(node)
    subtree.keep(value)
    return Shared(value, index: subtree.index)
  }
}

/// A subtree that is taken as it is, to be read later by someone who knows what it means.
public struct Verbatim: DocumentValue {
  public var node: Node

  public init(_ node: Node) { self.node = node }

  public static var grammar: Grammar { .any }
  public static func decode(_ node: Node) -> Verbatim { Verbatim(node) }
}
