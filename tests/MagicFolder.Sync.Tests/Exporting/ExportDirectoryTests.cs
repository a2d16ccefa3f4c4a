using MagicFolder.Sync.Exporting;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Directories;

namespace MagicFolder.Sync.Tests.Exporting;

public sealed class ExportDirectoryTests
{
    private const long Time = 1_432_000_000_123;
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddSeconds(1_500_000_000);

    [Fact]
    public void EachSnapshotIsArchivedOnceUnderItsTime()
    {
        var archives = DirectoryTable.Empty(DirectoryAuthority.Immutable);
        archives = ExportDirectory.Archive(archives, Snapshot(1), Time, 1);
        ExportDirectory.Archive(archives, Snapshot(1), Time + 99_000, 1).ShouldBeSameAs(archives);
        archives = ExportDirectory.Archive(archives, Snapshot(2), Time + 5_000, 2);
        archives.Children.Select(child => child.Name.Text).ShouldBe(["2015-05-19_01:46:40Z", "2015-05-19_01:46:45Z"]);
    }

    [Fact]
    public void ClocksThatGoBackTakeNothingAway()
    {
        var archives = DirectoryTable.Empty(DirectoryAuthority.Immutable);
        for (byte i = 1; i <= 3; i++) archives = ExportDirectory.Archive(archives, Snapshot(i), Time, 7);
        archives = ExportDirectory.Archive(archives, Snapshot(4), long.MaxValue, 8);
        archives.Children.Select(child => child.Name.Text).ShouldBe(["2015-05-19_01:46:40Z", "2015-05-19_01:46:40Z 7", "2015-05-19_01:46:40Z 7-2", "9999-12-31_23:59:59Z"]);
        archives.Children.Select(child => child.Caps.Read).ShouldBe([Snapshot(1), Snapshot(2), Snapshot(3), Snapshot(4)]);
    }

    [Fact]
    public void WhatElseStandsInTheDirectoryStays()
    {
        var other = new DirectoryChild(ChildName.From("mine"), ChildCaps.Of(Snapshot(9)), ChildMetadata.Parse("""{"a": 1}"""));
        var directory = DirectoryTable.Empty(DirectoryAuthority.Immutable).With(other);
        directory = DirectoryTable.Parse(directory.Pack(), DirectoryAuthority.Writer(WriteKey.From(new byte[WriteKey.Length])));
        directory = ExportDirectory.Show(directory, Snapshot(1), Snapshot(2), Now);
        directory = ExportDirectory.Show(directory, Snapshot(3), Snapshot(4), Now);
        directory.Children.Select(child => (child.Name.Text, child.Caps.Read)).ShouldBe([("Archives", Snapshot(4)), ("Latest", Snapshot(3)), ("mine", Snapshot(9))]);
        directory.Find(other.Name)!.Metadata.ShouldBe(other.Metadata);
    }

    private static DirectoryCap Snapshot(byte number) => new(new LiteralCap([number]));
}
