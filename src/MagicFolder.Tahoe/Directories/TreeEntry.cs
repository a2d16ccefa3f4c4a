using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Tahoe.Directories;

/// <summary>An entry of a tree that is published as immutable directories.</summary>
/// <param name="Path">The names from the root to it, at least one.</param>
/// <param name="Cap">Of an immutable file, or of a directory that is published already. Null for a directory whose entries follow, or that is empty.</param>
/// <param name="Metadata">Stored beside the cap in the directory around it.</param>
public sealed record TreeEntry(IReadOnlyList<string> Path, Cap? Cap, ChildMetadata Metadata)
{
    /// <summary>Redacted.</summary>
    public override string ToString() => $"{string.Join('/', Path)}: {Cap?.ToString() ?? "directory"}";
}
