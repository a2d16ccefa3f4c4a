using System.Collections.Immutable;
using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Names;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Planning;
using MagicFolder.Sync.Scanning;

namespace MagicFolder.Sync.Planning;

/// <summary>What becomes of the siblings that stand beside a path, before the path itself has its turn.</summary>
/// <param name="Removed">A conflict file that the user removed: that decides about its version, and has to be captured before anything else.</param>
/// <param name="Extended">Others made the same version, too: these conflict files stand for theirs as well, if they still are that version.</param>
/// <param name="Put">Versions that are to be put beside.</param>
/// <param name="IsMainUnknown">Under the path's own name stands what no look has taken in yet: it may be one of these versions, and has to be captured before another is made of it.</param>
internal readonly record struct BesidePlan(
    ConflictFile? Removed, ImmutableArray<(ConflictFile File, DesiredVersion Wanted)> Extended, ImmutableArray<DesiredVersion> Put, bool IsMainUnknown = false)
{
    internal static BesidePlan Of(RelativePath path, DesiredState desired, MaterializedRecord? record, ISituation situation)
    {
        var existing = situation.ConflictFilesOf(path);
        if (existing.Count == 0) return new BesidePlan(null, [], desired.Beside, !desired.Beside.IsEmpty && HoldsUnknown(path, desired, record, situation));
        if (RemovedOf(existing, situation) is { } removed) return new BesidePlan(removed, [], []);
        var extended = ImmutableArray.CreateBuilder<(ConflictFile, DesiredVersion)>();
        foreach (var file in existing)
        {
            var wanted = desired.Beside.FirstOrDefault(version => version.Value.IsSameVersionAs(file.Value));
            if (wanted is not null && !wanted.Dots.AsSpan().SequenceEqual(file.Dots.AsSpan())) extended.Add((file, wanted));
        }
        ImmutableArray<DesiredVersion> put = [.. desired.Beside.Where(version => !existing.Any(file => file.Value.IsSameVersionAs(version.Value)))];
        return new BesidePlan(null, extended.ToImmutable(), put, !put.IsEmpty && HoldsUnknown(path, desired, record, situation));
    }

    /// <summary>Has the user removed a conflict file of this path, which no look has taken in yet? They have decided for what stands in place: it stays until that is captured.</summary>
    internal static bool IsDecided(RelativePath path, ISituation situation) => RemovedOf(situation.ConflictFilesOf(path), situation) is not null;

    private static ConflictFile? RemovedOf(IReadOnlyList<ConflictFile> existing, ISituation situation) =>
        existing.FirstOrDefault(file => !file.MayBe(situation.StatOrNull(file.File)) || situation.HasTwin(file.File));

    private static bool HoldsUnknown(RelativePath path, DesiredState desired, MaterializedRecord? record, ISituation situation) =>
        record is null && situation.StatOrNull(path) is { } stat && !(stat.Kind == DiskKind.Directory && desired.Kind == MainKind.ImpliedDirectory) && situation.ConflictFileAt(path) is null;

    /// <summary>The conflict files whose versions are no longer siblings here.</summary>
    internal static IEnumerable<ConflictFile> Cleared(RelativePath path, DesiredState desired, ISituation situation)
    {
        foreach (var file in situation.ConflictFilesOf(path))
            if (!desired.Beside.Any(version => version.Value.IsSameVersionAs(file.Value))) yield return file;
    }

    /// <param name="path">The path in conflict.</param>
    /// <param name="petname">Who made the version.</param>
    /// <param name="situation">What has a name already.</param>
    /// <param name="isReserved">Is the name promised to another conflict file?</param>
    internal static RelativePath NameFor(RelativePath path, string petname, ISituation situation, Func<RelativePath, bool> isReserved) =>
        ConflictNames.Choose(
            path, petname,
            name => isReserved(name) || situation.StatOrNull(name) is not null || situation.VersionsAt(name) is not null
                || situation.ConflictFileAt(name) is not null || situation.RecordAt(name) is not null);
}
