namespace MagicFolder.FileSystem.Names;

/// <summary>Absolute paths without symbolic links on the way, so that two can be compared.</summary>
public static class RealPaths
{
    /// <summary>The directory behind a path, whether or not it is there yet.</summary>
    public static string Of(string path)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        string? parent = Path.GetDirectoryName(full);
        if (parent is null) return full;
        string real = Path.Combine(Of(parent), Path.GetFileName(full));
        var info = new DirectoryInfo(real);
        return info.Exists && info.LinkTarget is not null ? Of(info.ResolveLinkTarget(returnFinalTarget: true)!.FullName) : real;
    }

    /// <summary>Is one of these real paths the other, or inside it?</summary>
    public static bool Overlap(string one, string other) => IsInside(one, other) || IsInside(other, one);

    public static bool IsInside(string inner, string outer) =>
        string.Equals(inner, outer, StringComparison.Ordinal)
        || inner.StartsWith(Path.EndsInDirectorySeparator(outer) ? outer : outer + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
