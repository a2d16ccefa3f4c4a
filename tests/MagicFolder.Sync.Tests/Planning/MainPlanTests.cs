using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Planning;
using MagicFolder.Model.Versions;
using MagicFolder.Sync.Planning;

namespace MagicFolder.Sync.Tests.Planning;

public sealed class MainPlanTests
{
    private static readonly RelativePath Path = RelativePath.Parse("report.conflict-alice.docx");
    private static readonly EntryValue Link = EntryValue.Symlink("x", 0);
    private static readonly DiskStat LinkStat = new(DiskKind.Symlink, 1, 2, 3, 4, 5, 0x1FF, 1);
    private static readonly Dot Dot = new(new ActorId(1), 1);
    private static readonly ConflictFile File = new(Path, RelativePath.Parse("report.docx"), [Dot], Link, default);

    [Fact]
    public void WhatIsNowhereIsCreated() => Decide(new Situation()).ShouldBe(MainStep.Create);

    [Fact]
    public void AFileWithoutARecordIsLookedAtFirst() => Decide(new Situation { Stat = LinkStat }).ShouldBe(MainStep.LookAgain);

    [Fact]
    public void ASocketIsNoChangeToWaitFor() => Decide(new Situation { Stat = LinkStat with { Kind = DiskKind.Special } }).ShouldBe(MainStep.WaitForSpecial);

    [Fact]
    public void AConflictFileGivesWayToAPathOfTheTree() => Decide(new Situation { Stat = LinkStat, Beside = File }).ShouldBe(MainStep.GiveWay);

    /// <summary>Or the removal would be forgotten, and what is created would be taken for the conflict file.</summary>
    [Fact]
    public void TheNameOfAConflictFileThatTheUserHasRemovedIsTakenOnlyAfterThatIsCaptured() => Decide(new Situation { Beside = File }).ShouldBe(MainStep.LookAgain);

    /// <summary>Or that other thing, which may well be the conflict file of another path, would be taken away in its place.</summary>
    [Fact]
    public void AConflictFileIsRemovedWhereSomethingElseIsFoundByItsName()
    {
        var situation = new Situation { Stat = LinkStat, Beside = File, IsAnother = true };
        BesidePlan.Of(File.Main, DesiredState.Of(Entry.Of(Dot, Link), hasDescendants: false, null), null, situation).Removed.ShouldBe(File);
    }

    private static MainStep Decide(Situation situation) => MainPlan.Decide(Path, DesiredState.Of(Entry.Of(Dot, Link), hasDescendants: false, null), null, situation);

    private sealed class Situation : ISituation
    {
        public DiskStat? Stat { get; init; }

        public ConflictFile? Beside { get; init; }

        public bool IsAnother { get; init; }

        public Entry? VersionsAt(RelativePath path) => null;

        public MaterializedRecord? RecordAt(RelativePath path) => null;

        public bool AnyRecordUnder(RelativePath path) => false;

        public ConflictFile? ConflictFileAt(RelativePath file) => Beside;

        public IReadOnlyList<ConflictFile> ConflictFilesOf(RelativePath main) => Beside is { } file && file.Main == main ? [file] : [];

        public DiskStat? StatOrNull(RelativePath path) => Stat;

        public bool HasTwin(RelativePath path) => IsAnother;

        public bool HoldsOnlyWhatStays(RelativePath directory) => false;
    }
}
