using MagicFolder.Model.Blobs;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;

namespace MagicFolder.Sync.Planning;

/// <summary>Directories that the tree has where nothing is recorded, by the first file in each that is not empty: its place in the directory, and its content.</summary>
internal sealed class AppearedDirectories
{
    private readonly Dictionary<(RelativePath Place, BlobId Content), List<RelativePath>> _byFirstFile = [];

    /// <param name="paths">Where nothing is recorded; ascending.</param>
    /// <param name="situation">What the tree has there.</param>
    internal AppearedDirectories(IEnumerable<RelativePath> paths, ISituation situation)
    {
        // Those around the current path, the uppermost first, and how many of them have been met with a file.
        var around = new List<RelativePath>();
        int known = 0;
        foreach (var path in paths)
        {
            while (around.Count > 0 && !path.IsUnder(around[^1])) around.RemoveAt(around.Count - 1);
            known = Math.Min(known, around.Count);
            if (situation.VersionsAt(path)?.Siblings is not [var sibling]) continue;
            if (sibling.Value.Kind == EntryKind.Directory) around.Add(path);
            else if (sibling.Value is { Kind: EntryKind.File, Size: > 0, Content: var content })
                for (; known < around.Count; known++) Add((PlaceIn(around[known], path), content), around[known]);
        }
    }

    internal static RelativePath PlaceIn(RelativePath directory, RelativePath path) => RelativePath.FromTrustedKey(path.Key[(directory.Key.Length + 1)..].ToArray());

    internal IEnumerable<RelativePath> BeginningWith((RelativePath Place, BlobId Content) file) => _byFirstFile.TryGetValue(file, out var found) ? found : [];

    private void Add((RelativePath Place, BlobId Content) file, RelativePath directory)
    {
        if (!_byFirstFile.TryGetValue(file, out var found)) _byFirstFile.Add(file, found = []);
        found.Add(directory);
    }
}
