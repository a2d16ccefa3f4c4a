using MagicFolder.Cli.Output;
using MagicFolder.FileSystem.Names;

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
    internal static string Real(string path) => RealPaths.Of(path);

    internal static bool Overlap(string one, string other) => RealPaths.Overlap(one, other);

    internal static bool IsInside(string inner, string outer) => RealPaths.IsInside(inner, outer);

    internal static void RefuseOverlap(string directory, string what, string place)
    {
        if (Overlap(directory, place)) throw new UsageException($"{what} ({place}) and the directory {directory} are inside one another; choose another place.");
    }
}
