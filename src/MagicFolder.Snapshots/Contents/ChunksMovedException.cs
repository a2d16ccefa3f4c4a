namespace MagicFolder.Snapshots.Contents;

/// <summary>What was expected by a former version has led astray: the content is to be written once more, from its beginning, without it. Seldom: an edit has to make a boundary by chance where there was none.</summary>
public sealed class ChunksMovedException() : Exception("The content has another boundary than its former version.");
