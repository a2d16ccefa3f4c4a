using MagicFolder.FileSystem.Applying;
using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Staging;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Tests.Applying;

public sealed class FolderApplierTests : IDisposable
{
    private static readonly RelativePath Main = RelativePath.Parse("docs/report");

    private readonly TempFolder _folder = new();
    private readonly IDisk _disk;
    private readonly StagingArea _staging;
    private int _names;

    public FolderApplierTests()
    {
        _disk = LocalDisk.Open(_folder.Root);
        _staging = new StagingArea(_disk, () => $"{++_names}");
        _staging.Prepare();
        Directory.CreateDirectory(_folder.At("docs"));
    }

    private string MainFile => _folder.At("docs/report");

    [Fact]
    public void PuttingWhereNothingIs()
    {
        var stage = Stage("ours");
        var outcome = new FolderApplier(_disk).PutNew(stage, Main);
        outcome.Kind.ShouldBe(ApplyKind.Done);
        outcome.InPlace.ShouldBe(_disk.Stat(Main));
        File.ReadAllText(MainFile).ShouldBe("ours");
        _staging.List().ShouldBeEmpty();
    }

    [Fact]
    public void PuttingNeverReplaces()
    {
        File.WriteAllText(MainFile, "theirs");
        var stage = Stage("ours");
        var outcome = new FolderApplier(_disk).PutNew(stage, Main);
        outcome.Kind.ShouldBe(ApplyKind.LocalChange);
        outcome.InPlace.ShouldBe(_disk.Stat(Main));
        File.ReadAllText(MainFile).ShouldBe("theirs");
        _disk.Stat(stage).ShouldNotBeNull();
    }

    [Fact]
    public void PuttingIntoAMissingDirectoryFails()
    {
        var outcome = new FolderApplier(_disk).PutNew(Stage("ours"), RelativePath.Parse("missing/f"));
        outcome.Kind.ShouldBe(ApplyKind.Failed);
        outcome.Problem.ShouldNotBeNull();
    }

    [Fact]
    public void ExchangingWhatWasRecorded()
    {
        var expected = Record("old");
        var stage = Stage("ours");
        var applier = new FolderApplier(_disk);
        var outcome = applier.Exchange(stage, Main, expected);
        outcome.Kind.ShouldBe(ApplyKind.Done);
        outcome.StageHoldsOld.ShouldBeTrue();
        outcome.InPlace.ShouldBe(_disk.Stat(Main));
        File.ReadAllText(MainFile).ShouldBe("ours");
        File.ReadAllText(At(stage)).ShouldBe("old");
        applier.InspectSwappedOut([(stage, stat => stat.IsStill(expected))])[0].ShouldBe(SwappedOut.Untouched);
    }

    [Theory]
    [InlineData(DiskFault.Io)]
    [InlineData(DiskFault.NotFound)]
    public void ACallOfWhichOnlyTheAnswerWasLostIsDone(DiskFault fault)
    {
        var expected = Record("old");
        var stage = Stage("ours");
        var disk = new InterferingDisk(_disk) { LateFaults = { [("Move", stage)] = fault, [("Move", Main)] = fault } };
        var applier = new FolderApplier(disk);
        var outcome = applier.Exchange(stage, Main, expected);
        (outcome.Kind, outcome.StageHoldsOld).ShouldBe((ApplyKind.Done, true));
        File.ReadAllText(At(stage)).ShouldBe("old");
        var away = _staging.NewPlace();
        outcome = applier.TakeAway(Main, away, outcome.InPlace!.Value.ToSignature());
        (outcome.Kind, outcome.StageHoldsOld).ShouldBe((ApplyKind.Done, true));
        File.ReadAllText(At(away)).ShouldBe("ours");
    }

    /// <summary>NFS answers a call that it gets twice by what it finds: the name is there, since the first one made it.</summary>
    [Theory]
    [InlineData(DiskFault.Io)]
    [InlineData(DiskFault.Exists)]
    [InlineData(DiskFault.NotFound)]
    public void WhatWasPutThereIsThereAlthoughTheCallFailed(DiskFault fault)
    {
        var stage = Stage("ours");
        var outcome = new FolderApplier(new InterferingDisk(_disk) { LateFaults = { [("Move", stage)] = fault } }).PutNew(stage, Main);
        (outcome.Kind, outcome.InPlace).ShouldBe((ApplyKind.Done, _disk.Stat(Main)));
        File.ReadAllText(MainFile).ShouldBe("ours");
        File.Exists(At(stage)).ShouldBeFalse();
    }

    [Fact]
    public void WhatAUserPutThereInThatMomentIsNotOurs()
    {
        var stage = Stage("ours");
        var disk = new InterferingDisk(_disk) { LateFaults = { [("Move", stage)] = DiskFault.Exists } };
        File.WriteAllText(MainFile, "user's");
        new FolderApplier(disk).PutNew(stage, Main).Kind.ShouldBe(ApplyKind.LocalChange);
        (File.ReadAllText(MainFile), File.ReadAllText(At(stage))).ShouldBe(("user's", "ours"));
    }

    [Fact]
    public void WhatIsBackOnTheStageIsOursAlthoughTheDiskThenFailsAtWhatStandsThere()
    {
        var expected = Record("old");
        var stage = Stage("ours");
        var disk = new InterferingDisk(_disk);
        disk.Before(2, () =>
        {
            File.WriteAllText(MainFile, "user's");
            disk.Faults[("Stat", Main)] = DiskFault.Io;
        });
        var outcome = new FolderApplier(disk).Exchange(stage, Main, expected);
        (outcome.Kind, outcome.StageHoldsOld, outcome.InPlace).ShouldBe((ApplyKind.LocalChange, false, (DiskStat?)null));
        (File.ReadAllText(MainFile), File.ReadAllText(At(stage))).ShouldBe(("user's", "ours"));
    }

    [Fact]
    public void TakingAwayWhatWasRecorded()
    {
        var expected = Record("old");
        var stage = _staging.NewPlace();
        var outcome = new FolderApplier(_disk).TakeAway(Main, stage, expected);
        outcome.ShouldBe(new ApplyOutcome(ApplyKind.Done, null, StageHoldsOld: true, null));
        File.ReadAllText(At(stage)).ShouldBe("old");
    }

    [Fact]
    public void AChangeOfPermissionsAloneIsALocalChange()
    {
        var expected = Record("old");
        _disk.SetAttributes(Main, null, 0x100);
        new FolderApplier(_disk).Exchange(Stage("ours"), Main, expected).Kind.ShouldBe(ApplyKind.LocalChange);
    }

    [Fact]
    public void AFileIsReplacedByADirectoryAndBack()
    {
        var expected = Record("old");
        var applier = new FolderApplier(_disk);
        var directory = _staging.CreateDirectory(0, 0x1ED);
        var first = applier.Exchange(directory, Main, expected);
        first.Kind.ShouldBe(ApplyKind.Done);
        Directory.Exists(MainFile).ShouldBeTrue();
        var stage = Stage("ours");
        File.WriteAllText(_folder.At("docs/report/inside"), "user");
        applier.Exchange(stage, Main, first.InPlace!.Value.ToSignature()).Kind.ShouldBe(ApplyKind.LocalChange);
        File.ReadAllText(_folder.At("docs/report/inside")).ShouldBe("user");
        File.Delete(_folder.At("docs/report/inside"));
        applier.Exchange(stage, Main, first.InPlace!.Value.ToSignature()).Kind.ShouldBe(ApplyKind.Done);
        File.ReadAllText(MainFile).ShouldBe("ours");
    }

    [Fact]
    public void AFileMadeInADirectoryWhileItIsReplacedStays()
    {
        Directory.CreateDirectory(MainFile);
        var expected = _disk.Stat(Main)!.Value.ToSignature();
        var made = Path.Combine(MainFile, "new");
        // Calls: stat stage, stat path, list, then the exchange.
        var disk = new InterferingDisk(_disk).Before(3, () => File.WriteAllText(made, "user"));
        new FolderApplier(disk).Exchange(Stage("ours"), Main, expected).Kind.ShouldBe(ApplyKind.LocalChange);
        File.ReadAllText(made).ShouldBe("user");
    }

    [Fact]
    public void OnlyAnEmptyDirectoryIsRemoved()
    {
        var applier = new FolderApplier(_disk);
        applier.RemoveEmptyDirectory(Main).Kind.ShouldBe(ApplyKind.LocalChange);
        File.WriteAllText(MainFile, "user");
        applier.RemoveEmptyDirectory(Main).Kind.ShouldBe(ApplyKind.LocalChange);
        applier.RemoveEmptyDirectory(Main.Parent).Kind.ShouldBe(ApplyKind.LocalChange);
        File.ReadAllText(MainFile).ShouldBe("user");
        File.Delete(MainFile);
        applier.RemoveEmptyDirectory(Main.Parent).Kind.ShouldBe(ApplyKind.Done);
        Directory.Exists(_folder.At("docs")).ShouldBeFalse();
    }

    [Fact]
    public void ALateWriterIsWaitedForAndItsWriteIsKept()
    {
        var expected = Record("old");
        var stage = Stage("ours");
        var applier = new FolderApplier(_disk);
        using (var writer = new FileStream(MainFile, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            applier.Exchange(stage, Main, expected).Kind.ShouldBe(ApplyKind.Done);
            applier.InspectSwappedOut([(stage, stat => stat.IsStill(expected))])[0].ShouldBe(SwappedOut.StillOpen);
            writer.Write("late"u8);
        }
        applier.InspectSwappedOut([(stage, stat => stat.IsStill(expected))])[0].ShouldBe(SwappedOut.Changed);
        _staging.Remove(stage);
        applier.InspectSwappedOut([(stage, stat => stat.IsStill(expected))])[0].ShouldBe(SwappedOut.Gone);
    }

    [Fact]
    public void ManyAreInspectedWithOneFlush()
    {
        var waiting = new List<(RelativePath, Predicate<DiskStat>)>();
        for (int i = 0; i < 5; i++)
        {
            var stage = Stage("old");
            var expected = _disk.Stat(stage)!.Value.ToSignature();
            waiting.Add((stage, stat => stat.IsStill(expected)));
        }
        File.AppendAllText(At(waiting[2].Item1), "late");
        new FolderApplier(_disk).InspectSwappedOut(waiting)
            .ShouldBe([SwappedOut.Untouched, SwappedOut.Untouched, SwappedOut.Changed, SwappedOut.Untouched, SwappedOut.Untouched]);
    }

    public void Dispose()
    {
        _disk.Dispose();
        _folder.Dispose();
    }

    private string At(RelativePath path) => _folder.At(path.ToString());

    private DiskSignature Record(string content)
    {
        File.WriteAllText(MainFile, content);
        _disk.SetAttributes(Main, 1_000_000_000_000, 0x1A4);
        return _disk.Stat(Main)!.Value.ToSignature();
    }

    private RelativePath Stage(string content)
    {
        using var file = _staging.Create();
        file.Write(0, System.Text.Encoding.UTF8.GetBytes(content));
        file.Finish(2_000_000_000_000, 0x1A4);
        return file.Path;
    }
}
