namespace MagicFolder.Snapshots.Chunking;

/// <summary>How far a chunk was looked through without finding a boundary: so many of its bytes, and the gear hash there.</summary>
internal readonly record struct BoundarySearch(int End, ulong Hash);
