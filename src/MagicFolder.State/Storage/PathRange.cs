using MagicFolder.Model.Paths;

namespace MagicFolder.State;

/// <summary>The keys of what is strictly below a directory, as two bounds that are themselves no keys of it.</summary>
internal static class PathRange
{
    /// <summary>No key begins with 0xFF, for that byte is not in UTF-8.</summary>
    private static readonly byte[] AfterAllKeys = [0xFF];

    /// <summary>What is in a directory has its key and a NUL before the rest; the first key that is beyond has a greater byte there.</summary>
    internal static (byte[] After, byte[] Before) Under(RelativePath directory) =>
        directory.IsRoot ? ([], AfterAllKeys) : ([.. directory.Key, 0], [.. directory.Key, 1]);
}
