namespace MagicFolder.Tahoe.Directories;

/// <summary>A directory of a tree that is complete, and too large for a literal.</summary>
/// <param name="Path">The names from the root to it; none for the root.</param>
/// <param name="Packed">The content of its file. The same entries give the same bytes, and, stored with a convergent key, the same cap.</param>
public sealed record DirectoryToStore(IReadOnlyList<string> Path, ReadOnlyMemory<byte> Packed)
{
    public override string ToString() => $"DirectoryToStore({string.Join('/', Path)}, {Packed.Length} bytes)";
}
