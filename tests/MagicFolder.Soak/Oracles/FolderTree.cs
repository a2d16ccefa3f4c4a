namespace MagicFolder.Soak.Oracles;

/// <summary>What a folder shows: path to value; a directory is null.</summary>
internal static class FolderTree
{
    internal static SortedDictionary<string, string?> Read(string folder)
    {
        var found = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        Walk(folder, "", found);
        return found;
    }

    /// <summary>Null when there is nothing, or a directory.</summary>
    internal static string? ValueAt(string path)
    {
        try
        {
            var info = new FileInfo(path);
            if (info.LinkTarget is { } target) return Values.OfLink(target);
            return info.Exists ? Values.OfFile(File.ReadAllBytes(path)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static void Walk(string directory, string prefix, SortedDictionary<string, string?> found)
    {
        foreach (var item in new DirectoryInfo(directory).EnumerateFileSystemInfos())
        {
            string path = prefix + item.Name;
            if (path == ".magic-folder") continue;
            if (item.LinkTarget is null && item is DirectoryInfo)
            {
                found[path] = null;
                try
                {
                    Walk(item.FullName, path + "/", found);
                }
                catch (DirectoryNotFoundException)
                {
                    found.Remove(path);
                }
            }
            else if (ValueAt(item.FullName) is { } value)
            {
                found[path] = value;
            }
        }
    }
}
