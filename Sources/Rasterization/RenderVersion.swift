/// Raised whenever a pixel or a label of the same scene changes by intention. A dataset rendered by another version is
/// never continued or mixed.
public let renderVersion = 6
