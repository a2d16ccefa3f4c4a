using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Disks;

/// <summary>
/// Where a file system cannot exchange, what was in place waits beside the source of a <see cref="MoveKind.Exchange"/> until that has taken its place. After a crash or a failure in between it is
/// still there, and may hold what somebody saved at the last moment.
/// </summary>
public static class AsidePlace
{
    /// <summary>Appended to the name that is moved from.</summary>
    internal const string Suffix = ".aside";

    public static RelativePath Of(RelativePath source) => source.WithName(source.Name + Suffix);

    public static bool Is(RelativePath path) => path.Name.EndsWith(Suffix, StringComparison.Ordinal);
}
