using MagicFolder.Cli.Output;

namespace MagicFolder.Cli.Composition;

/// <summary>Where things are on this computer when nobody says otherwise.</summary>
internal static class Places
{
    /// <summary>The user's data directory: $XDG_DATA_HOME or ~/.local/share on Linux, and the like elsewhere.</summary>
    internal static string Data => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "magic-folder");

    /// <summary>The embedded grid.</summary>
    internal static string Grid => Path.Combine(Data, "grid");

    /// <summary>One state directory for each folder.</summary>
    internal static string Folders => Path.Combine(Data, "folders");

    /// <summary>The directory behind a path, symbolic links resolved.</summary>
    internal static string Real(string path)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        string? parent = Path.GetDirectoryName(full);
        if (parent is null) return full;
        string real = Path.Combine(Real(parent), Path.GetFileName(full));
        var info = new DirectoryInfo(real);
        return info.Exists && info.LinkTarget is not null ? Real(info.ResolveLinkTarget(returnFinalTarget: true)!.FullName) : real;
    }

    /// <summary>Is one of these real paths the other, or inside it?</summary>
    internal static bool Overlap(string one, string other) => IsInside(one, other) || IsInside(other, one);

    internal static bool IsInside(string inner, string outer) =>
        string.Equals(inner, outer, StringComparison.Ordinal)
        || inner.StartsWith(Path.EndsInDirectorySeparator(outer) ? outer : outer + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    internal static void RefuseOverlap(string directory, string what, string place)
    {
        if (Overlap(directory, place)) throw new UsageException($"{what} ({place}) and the directory {directory} are inside one another; choose another place.");
    }
}
