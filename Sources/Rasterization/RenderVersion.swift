/// Raised by one whenever a pixel or a label of some frame changes by intention. Datasets remember it: frames of two
/// versions are never mixed.
public let renderVersion = 1
