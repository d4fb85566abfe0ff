import Annotators
import Imaging

/// An instance as an export has it.
public struct ExportedInstance: Sendable {
  public var record: InstanceRecord
  /// The exported class, from 1.
  public var category: Int
  /// Whether it is below the export's thresholds: to be given as what the format has for that, or left out.
  public var isIgnored: Bool
}

/// A frame as formats see it: its classes mapped, thresholds and split looked up.
public struct ExportedFrame: Sendable {
  public var record: FrameRecord
  /// In the record's order, without those of dropped classes; hidden ones are among them, with no box.
  public var instances: [ExportedInstance]
  /// Index in the export's splits.
  public var split: Int
  /// How many frames of the split came before it.
  public var index: Int

  /// "000012": the frame's number in file names.
  public var number: String { sixDigits(record.frame) }

  /// An instance's visible pixels.
  public func mask(of instance: ExportedInstance) throws(FormatError) -> RunLengthMask {
    try mask(instance.record.mask, of: instance)
  }

  /// A compressed mask of this frame's size.
  public func mask(_ compressed: CompressedMask, of instance: ExportedInstance) throws(FormatError) -> RunLengthMask {
    guard let mask = RunLengthMask(compressed, width: record.width, height: record.height) else {
      throw .refused(
        "frame \(record.frame), instance \(instance.record.id): found a mask that does not fill \(record.width) x "
          + "\(record.height) pixels, expected one that does")
    }
    return mask
  }

  public func outlines(of instance: ExportedInstance) throws(FormatError) -> MaskOutlines {
    MaskOutlines(try mask(of: instance))
  }
}
