using MagicFolder.Model;
using MagicFolder.Model.Snapshots;
using MagicFolder.Model.Versions;

namespace MagicFolder.Daemon.Api;

/// <summary>How documents say what a version is and when it was modified.</summary>
public static class Words
{
    public const string File = "file";
    public const string Deleted = "deleted";

    public static string Kind(EntryValue? value) => value?.Kind switch
    {
        EntryKind.File => File,
        EntryKind.Directory => "directory",
        EntryKind.Symlink => "symlink",
        _ => Deleted,
    };

    /// <summary>ISO 8601 in UTC, to the millisecond.</summary>
    public static string Modified(EntryValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return UnixTime.ToIso(MsOfNs(value.MtimeNs));
    }

    internal static ProblemDocument Of(Problem problem) => new(problem.Path, problem.Reason, problem.Advice);

    private static long MsOfNs(long unixNs) => (unixNs - (((unixNs % 1_000_000) + 1_000_000) % 1_000_000)) / 1_000_000;
}
