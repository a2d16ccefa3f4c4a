using MagicFolder.FileSystem.Disks;
using MagicFolder.Model;
using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Scanning;

/// <summary>What a scan says about one path: <see cref="Seen"/>, <see cref="Unknown"/> or <see cref="Unnameable"/>. A path with no item is not there.</summary>
public abstract record ScanItem
{
    private ScanItem(RelativePath path) => Path = path;

    public RelativePath Path { get; }

    /// <summary>A file, directory or symlink is there.</summary>
    public sealed record Seen : ScanItem
    {
        public Seen(RelativePath path, DiskStat stat, string? linkTarget = null)
            : base(path)
        {
            Stat = stat;
            LinkTarget = linkTarget;
        }

        /// <summary>Never <see cref="DiskKind.Special"/>. A directory's was taken after it was listed.</summary>
        public DiskStat Stat { get; }

        /// <summary>Not empty for a symlink; null for the other kinds.</summary>
        public string? LinkTarget { get; }
    }

    /// <summary>Nothing is known about this path and everything below it: absence there is not deletion.</summary>
    public sealed record Unknown : ScanItem
    {
        public Unknown(RelativePath path, Problem problem)
            : base(path) => Problem = problem;

        public Problem Problem { get; }

        /// <summary>It was seen, and is something that is never synchronized.</summary>
        public bool IsSomethingElse { get; init; }
    }

    /// <summary>
    /// Something in the directory <see cref="Path"/> has a name that is no <see cref="RelativePath"/> (not UTF-8, too long, too deep). It can have no
    /// record, so it says nothing about any path; it is only to be reported.
    /// </summary>
    public sealed record Unnameable : ScanItem
    {
        public Unnameable(RelativePath directory, Problem problem)
            : base(directory) => Problem = problem;

        public Problem Problem { get; }
    }
}
