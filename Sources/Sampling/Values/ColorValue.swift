import Stage

/// A colour of a scene, as Stage's own parts read it too.
typealias ColorValue = Stage.ColorValue
