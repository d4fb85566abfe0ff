import Annotators
import Formats
import ImageCoding
import Imaging

extension Dataset {
  /// What is wrong with a frame's files, in words: decoded, their pixels are held against the record's digests. Nil where
  /// all is well.
  ///
  /// - Parameters:
  ///   - kinds: the dataset's, which say how each plane is stored.
  ///   - archive: of the frame's chunk, where it lies in one and that has been read.
  static func damage(
    of planes: [PlaneRecord], _ kinds: [PlaneKind], in folder: String, archive: TarIndex?
  ) -> String? {
    var archive = archive
    for plane in planes {
      let path = folder + "/" + plane.file
      let bytes: [UInt8]
      do throws(DatasetError) { bytes = try read(plane, in: folder, archive: &archive) } catch { return "\(error)" }
      guard let kind = kinds.first(where: { $0.name == plane.name }) else {
        return "\(path): found a plane \"\(plane.name)\", expected one that the dataset's head names"
      }
      let digest: Digest
      do { digest = try kind.description.decode(bytes).digest } catch { return "\(path): \(error)" }
      if digest != plane.digest { return "\(path): found pixels of digest \(digest), expected \(plane.digest)" }
    }
    return nil
  }
}
