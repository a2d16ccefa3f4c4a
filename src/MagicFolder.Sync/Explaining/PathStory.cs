using System.Collections.Immutable;
using MagicFolder.Model;
using MagicFolder.Model.Ignoring;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.State;
using MagicFolder.Sync.Resolving;

namespace MagicFolder.Sync.Explaining;

/// <summary>All that one participant knows of a path.</summary>
public sealed record PathStory
{
    public required RelativePath Path { get; init; }

    /// <summary>Who knows it.</summary>
    public required string Participant { get; init; }

    /// <summary>What is recorded as standing on this disk; null for nothing.</summary>
    public MaterializedRecord? Record { get; init; }

    public DiskFinding Disk { get; init; }

    /// <summary>Is something being done to it on the disk, or was that interrupted and not finished since? Then what is recorded may be past.</summary>
    public bool IsUnsettled { get; init; }

    /// <summary>By which it is ignored here; else null.</summary>
    public IgnoreRule? IgnoredBy { get; init; }

    /// <summary>Why the disk could not be looked at; else null.</summary>
    public string? DiskTrouble { get; init; }

    /// <summary>The version of another path that stands under this name; null when it is no conflict file.</summary>
    public ConflictFile? AsConflictFile { get; init; }

    /// <summary>All current versions; none when the path was deleted or never was.</summary>
    public ImmutableArray<ConflictSibling> Siblings { get; init; } = [];

    public bool IsConflict { get; init; }

    /// <summary>Does the disk still have to be brought to what the tree says?</summary>
    public bool IsPending { get; init; }

    /// <summary>Is it a version of a participant that only reads? It is taken by nobody.</summary>
    public bool IsOwnAlone { get; init; }

    /// <summary>Is the version on this disk still to be published?</summary>
    public bool IsUnpublished { get; init; }

    /// <summary>Deletions that the guard holds back, if that of this path is one of them.</summary>
    public HeldDeletions? Held { get; init; }

    /// <summary>Of the path itself and of what is above it.</summary>
    public ImmutableArray<Problem> Problems { get; init; } = [];

    /// <summary>What happened, newest first.</summary>
    public ImmutableArray<ActivityRow> Activity { get; init; } = [];

    /// <summary>When a version was published, by its maker's clock: milliseconds since the epoch. Versions that are not in it are of unknown time.</summary>
    public IReadOnlyDictionary<Dot, long> Times { get; init; } = ImmutableDictionary<Dot, long>.Empty;

    public Func<ActorId, string> PetnameOf { get; init; } = static actor => actor.ToString();

    /// <summary>Is anything known of it, now or from before? A problem above it counts: behind that it may be.</summary>
    public bool IsKnown =>
        Path.IsRoot || IgnoredBy is not null || Record is not null || AsConflictFile is not null || !Siblings.IsEmpty || !Activity.IsEmpty || Disk == DiskFinding.New
        || Problems.Any(problem => problem.Path != RelativePath.Root.ToString());
}
