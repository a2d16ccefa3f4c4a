using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Scanning;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.Sync.Scanning;

namespace MagicFolder.Sync.Tests.Scanning;

public sealed class ChangeDetectorTests
{
    private static readonly DiskStat Stat = new(DiskKind.File, 10, 1000, 2000, 7, 1, 0b110_100_100, 1);
    private static readonly DiskStat DirectoryStat = Stat with { Kind = DiskKind.Directory };

    public static TheoryData<string, DiskStat> Differences => new()
    {
        { "size", Stat with { Size = 11 } },
        { "mtime", Stat with { MtimeNs = 1001 } },
        { "ctime", Stat with { CtimeNs = 2001 } },
        { "inode", Stat with { Inode = 8 } },
        { "device", Stat with { Device = 2 } },
        { "kind", Stat with { Kind = DiskKind.Symlink } },
    };

    [Fact]
    public void WhatLooksAsRecordedIsNotTold() => Compare([Seen("a"), Seen("d", DirectoryStat)], [Record("a"), Record("d", EntryKind.Directory)]).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Differences))]
    public void AnythingThatLooksOtherwiseHasToBeRead(string what, DiskStat stat) =>
        Compare([Seen("a", stat)], [Record("a")]).ShouldHaveSingleItem().ShouldBe("differs a", what);

    [Fact]
    public void ARacyRecordIsReadAgainThoughItLooksTheSame() => Compare([Seen("a")], [Record("a") with { Racy = true }]).ShouldBe(["differs a"]);

    [Fact]
    public void ADirectoryWhoseTimesChangedIsTheSameDirectory() =>
        Compare([Seen("d", DirectoryStat with { MtimeNs = 5, CtimeNs = 6, Size = 7 })], [Record("d", EntryKind.Directory)]).ShouldBeEmpty();

    [Fact]
    public void ADirectoryThatStandsOnlyForWhatIsInItIsToldForItMayGo() =>
        Compare([Seen("d", DirectoryStat)], [Record("d", EntryKind.Directory) with { Implied = true }]).ShouldBe(["implied d"]);

    [Fact]
    public void WhatHasNoRecordIsNewAndWhatIsNotThereVanished() =>
        Compare([Seen("b"), Seen("d")], [Record("a"), Record("c"), Record("e")]).ShouldBe(["vanished a", "differs b", "vanished c", "differs d", "vanished e"]);

    [Fact]
    public void NothingIsConcludedBelowWhatIsUnknown() =>
        Compare([Unknown("d"), Seen("e")], [Record("d", EntryKind.Directory), Record("d/x"), Record("d/y/z"), Record("d.txt"), Record("e"), Record("f")])
            .ShouldBe(["unknown d", "hidden", "vanished d.txt", "vanished f"], ignoreOrder: true);

    [Fact]
    public void WhatIsUnknownNeedsNoRecord() => Compare([Unknown("d")], [Record("d/x")]).ShouldBe(["unknown d", "hidden"]);

    [Fact]
    public void WhatIsUnknownAndHidesNothingRecordedLeavesNothingOpen() => Compare([Unknown("d")], [Record("e")]).ShouldBe(["unknown d", "vanished e"]);

    [Fact]
    public void WhatIsNeverSynchronizedWasLookedAt()
    {
        var path = RelativePath.Parse("pipe");
        var walk = new ScanItem[] { new ScanItem.Unknown(path, Trouble("pipe")) { IsSomethingElse = true } };
        new ChangeDetector(_ => false).Compare(walk, []).ShouldHaveSingleItem().ShouldBeOfType<LocalObservation.Unknown>().Path.ShouldBeNull();
        new ChangeDetector(_ => false).Compare([new ScanItem.Unknown(path, Trouble("pipe"))], []).ShouldHaveSingleItem().ShouldBeOfType<LocalObservation.Unknown>().Path.ShouldBe(path);
    }

    [Fact]
    public void AnUnknownRootConcludesNothingAtAll() => Compare([new ScanItem.Unknown(RelativePath.Root, Trouble("."))], [Record("a"), Record("b/c")]).ShouldBe(["unknown .", "hidden"]);

    [Fact]
    public void AnotherFileSystemHidesAllBelowItsMountPoint() =>
        Compare([Seen("d", DirectoryStat with { Device = 2 }), Seen("d/new"), Seen("e")], [Record("d", EntryKind.Directory), Record("d/x"), Record("e")]).ShouldBe(["unknown d", "hidden"]);

    [Fact]
    public void NothingIsConcludedAtAndBelowWhatIsNotSettled() =>
        new ChangeDetector(_ => false, isUnsettled: path => path == RelativePath.Parse("gone") || path == RelativePath.Parse("d") || path.IsUnder(RelativePath.Parse("d")))
            .Compare([Seen("a"), Seen("d", DirectoryStat), Seen("d/new"), Seen("e")], [Record("d", EntryKind.Directory), Record("d/x"), Record("e"), Record("gone"), Record("vanished")])
            .Select(Describe).ShouldBe(["differs a", "unsettled d", "hidden", "vanished vanished"]);

    [Fact]
    public void AConflictFileIsNoContentOfTheFolder() =>
        Compare([Seen("a"), Seen("a.conflict-bob")], [Record("a")], path => path.ToString() == "a.conflict-bob").ShouldBeEmpty();

    [Fact]
    public void ANameThatCannotBeIsToldAndHidesNothing() =>
        Compare([new ScanItem.Unnameable(RelativePath.Parse("d"), Trouble("d/\ufffd")), Seen("d/x")], [Record("d/x"), Record("d/y")]).ShouldBe(["unknown d/\ufffd", "vanished d/y"]);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AnyWalkAndAnyRecordsGiveWhatComparingNameByNameGives(int seed)
    {
        var random = new Random(seed);
        for (int run = 0; run < 300; run++)
        {
            var disk = Some(random);
            var records = Some(random);
            var unknown = random.Next(3) == 0 ? RelativePath.Parse("b") : (RelativePath?)null;
            var hidden = (RelativePath path) => unknown is { } up && (path == up || path.IsUnder(up));
            var walk = disk.Where(path => !hidden(path)).Select(ScanItem (path) => Seen(path.ToString())).Concat(unknown is { } u ? [Unknown(u.ToString())] : []).OrderBy(item => item.Path);

            var expected = disk.Except(records).Where(path => !hidden(path)).Select(path => $"differs {path}")
                .Concat(records.Except(disk).Where(path => !hidden(path)).Select(path => $"vanished {path}"))
                .Concat(unknown is null ? [] : [$"unknown {unknown}"])
                .Concat(records.Any(hidden) ? ["hidden"] : []);
            Compare(walk, records.Order().Select(path => Record(path.ToString()))).ShouldBe(expected, ignoreOrder: true);
        }
    }

    private static HashSet<RelativePath> Some(Random random)
    {
        string[] names = ["a", "b", "b.x", "c"];
        return [.. Enumerable.Range(0, random.Next(12)).Select(_ => RelativePath.Parse(string.Join('/', Enumerable.Range(0, random.Next(1, 4)).Select(_ => names[random.Next(names.Length)]))))];
    }

    private static IEnumerable<string> Compare(IEnumerable<ScanItem> walk, IEnumerable<MaterializedRecord> records, Func<RelativePath, bool>? isConflictFile = null) =>
        new ChangeDetector(seen => isConflictFile?.Invoke(seen.Path) ?? false).Compare(walk, records).Select(Describe);

    private static string Describe(LocalObservation observation) => observation switch
    {
        LocalObservation.Differs differs => $"differs {differs.Seen.Path}",
        LocalObservation.Vanished vanished => $"vanished {vanished.Record.Path}",
        LocalObservation.Implied implied => $"implied {implied.Record.Path}",
        LocalObservation.Hidden => "hidden",
        LocalObservation.Unsettled unsettled => $"unsettled {unsettled.Path}",
        LocalObservation.Unknown unknown => $"unknown {unknown.Problem.Path}",
        _ => observation.ToString(),
    };

    private static ScanItem.Seen Seen(string path, DiskStat? stat = null) => new(RelativePath.Parse(path), stat ?? Stat, stat?.Kind == DiskKind.Symlink ? "target" : null);

    private static ScanItem.Unknown Unknown(string path) => new(RelativePath.Parse(path), Trouble(path));

    private static Problem Trouble(string path) => new(path, "permission denied", "give access");

    private static MaterializedRecord Record(string path, EntryKind kind = EntryKind.File)
    {
        var value = kind == EntryKind.Directory ? EntryValue.Directory(1000, 0b111_101_101) : EntryValue.File(BlobId.Of([1]), 10, 1000, 0b110_100_100);
        return new MaterializedRecord(RelativePath.Parse(path), [new Dot(new ActorId(1), 1)], value, Stat.ToSignature());
    }
}
