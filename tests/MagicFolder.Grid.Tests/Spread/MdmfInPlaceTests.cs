using System.Buffers.Binary;
using MagicFolder.Grid.Tests.Support;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Mutable;
using MagicFolder.Tahoe.Shares;

namespace MagicFolder.Grid.Tests.Spread;

/// <summary>MDMF objects of several segments on five directories, of which any two are enough to read and three to write: ranges, written in place where that is safe.</summary>
public sealed class MdmfInPlaceTests : IAsyncLifetime
{
    private const int Segment = 131072;
    private const int BlocksAt = MutableContainerHeader.DataOffset + 2167;
    private const int SaltAndBlock = 16 + (Segment / 2);

    private readonly MutableKeys _keys = TestKeys.Take();
    private readonly byte[] _content = new byte[(4 * Segment) + 1000];
    private SpreadGrid? _directories;

    private SpreadGrid Directories => _directories!;

    private MutableWriteCap Cap => _keys.ToWriteCap(MutableFormat.Mdmf);

    public async ValueTask InitializeAsync()
    {
        new Random(1).NextBytes(_content);
        _directories = await SpreadGrid.CreateAsync(5, new GridEncoding(2, 3, 5));
        await Client(1).CreateMutableAsync(_keys, MutableFormat.Mdmf, _content, default);
    }

    public ValueTask DisposeAsync()
    {
        _keys.Dispose();
        _directories!.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(Segment - 5, 10)]
    [InlineData((2 * Segment) + 7, 300_000)]
    [InlineData((4 * Segment) + 1000, 5)]
    [InlineData((4 * Segment) + 1000, 2 * Segment)]
    [InlineData(0, (4 * Segment) + 2000)]
    public async Task ARangeIsWrittenInPlaceAndTheOtherSegmentsStayAsTheyAre(int offset, int count)
    {
        var before = Directories.AllShares.ToDictionary(path => path, File.ReadAllBytes);
        (await UpdateAsync(Client(2), 1, offset, count)).ShouldBe(2);
        await ShouldHoldAsync(2, Patched(offset, count));
        Seqnums().ShouldBe([2, 2, 2, 2, 2]);
        var touched = Enumerable.Range(offset / Segment, ((offset + count - 1) / Segment) - (offset / Segment) + 1).ToArray();
        foreach (var (path, old) in before)
        {
            var now = await File.ReadAllBytesAsync(path);
            for (var segment = 0; segment < 4; segment++)
            {
                var at = BlocksAt + (segment * SaltAndBlock);
                now.AsSpan(at, SaltAndBlock).SequenceEqual(old.AsSpan(at, SaltAndBlock)).ShouldBe(!touched.Contains(segment));
            }
        }

        await ShouldBeSoundEverywhereAsync();
    }

    [Fact]
    public async Task ADirectoryThatIsAwayAndOneThatLaggedBehindGetAllOfTheNextVersion()
    {
        Directories.Lose(0);
        (await UpdateAsync(Client(1), 1, 10, 20)).ShouldBe(2);
        Directories.BringBack(0);
        Directories.Lose(3);
        (await Client(1).ReadMutableAsync(Cap.ToReadCap(), default)).Seqnum.ShouldBe(2);
        (await Client(1).UpdateMutableAsync(Cap, 2, 10, Patch(20), default)).ShouldBe(3);
        foreach (var directory in (int[])[0, 1, 2, 4])
        {
            Seqnums(directory).ShouldAllBe(seqnum => seqnum == 3);
        }

        Directories.BringBack(3);
        Seqnums(3).ShouldAllBe(seqnum => seqnum == 2);
        await ShouldHoldAsync(3, Patched(10, 20));
        (await Client(1).RepairAsync(Cap, default)).After.IsHealthy.ShouldBeTrue();
        await ShouldHoldAsync(4, Patched(10, 20));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AnOldShareOrNoneWhereOthersHaveThemAllIsNotPatchedButReplaced(bool isMissing)
    {
        Directories.Lose(0);
        (await UpdateAsync(Client(1), 1, 10, 20)).ShouldBe(2);
        Directories.BringBack(0);
        if (isMissing)
        {
            File.Delete(Directories.Shares(0).Single());
        }

        (await Client(1).UpdateMutableAsync(Cap, 2, 10, Patch(20), default)).ShouldBe(3);
        Seqnums().ShouldBe([3, 3, 3, 3, 3, 3]);
        await ShouldBeSoundEverywhereAsync();
        await ShouldHoldAsync(3, Patched(10, 20));
    }

    [Fact]
    public async Task ADirectoryThatGoesBackWhileARangeIsWrittenGetsAllOfTheVersion()
    {
        var old = Directories.AllShares.ToDictionary(path => path, File.ReadAllBytes);
        await Client(1).PublishMutableAsync(Cap, 1, _content.Reverse().ToArray(), default);
        await Client(1).PublishMutableAsync(Cap, 2, _content, default);
        var (grid, servers) = await Directories.FailingClientAsync(1);
        var writes = 0;
        for (var i = 0; i < servers.Length; i++)
        {
            var path = Directories.Shares(i).Single();
            servers[i].BeforeVersion = () => Interlocked.Increment(ref writes) == 3 ? File.WriteAllBytesAsync(path, old[path]) : Task.CompletedTask;
        }

        (await UpdateAsync(grid, 3, 5, 50)).ShouldBe(4);
        Seqnums().ShouldBe([4, 4, 4, 4, 4]);
        await ShouldBeSoundEverywhereAsync();
        await ShouldHoldAsync(4, Patched(5, 50));
    }

    [Fact]
    public async Task DamagedHashesOrAMissingShareMakeAllBeWrittenAgain()
    {
        var path = Directories.Shares(2).Single();
        await FlipAsync(path, (int)new FileInfo(path).Length - 50);
        File.Delete(Directories.Shares(4).Single());
        (await UpdateAsync(Client(1), 1, Segment, 100)).ShouldBe(2);
        Seqnums().ShouldBe([2, 2, 2, 2, 2]);
        await ShouldBeSoundEverywhereAsync();
        await ShouldHoldAsync(2, Patched(Segment, 100));
    }

    [Fact]
    public async Task ABlockThatIsDamagedInOneShareStaysReadableAndIsMadeAgainByRepairOnly()
    {
        await FlipAsync(Directories.Shares(1).Single(), BlocksAt + SaltAndBlock + 100);
        (await UpdateAsync(Client(1), 1, 3 * Segment, 100)).ShouldBe(2);
        await ShouldHoldAsync(2, Patched(3 * Segment, 100));
        var check = await Client(1).CheckAsync(Cap.ToVerifyCap(), default);
        check.IsHealthy.ShouldBeFalse();
        check.Shares.Where(share => !share.IsSound).ShouldHaveSingleItem().Damage!.ShouldContain("Block 1 of share");
        var after = (await Client(1).RepairAsync(Cap, default)).After;
        after.IsHealthy.ShouldBeTrue();
        after.Versions.ShouldHaveSingleItem().Seqnum.ShouldBe(2);
        await ShouldBeSoundEverywhereAsync();
        await ShouldHoldAsync(2, Patched(3 * Segment, 100));
    }

    [Fact]
    public async Task AnUpdateWhoseAnswerWasLostMayBeRepeatedAndAnotherOneIsRefused()
    {
        (await UpdateAsync(Client(1), 1, 5, 50)).ShouldBe(2);
        (await UpdateAsync(Client(2), 1, 5, 50)).ShouldBe(2);
        (await Should.ThrowAsync<GridException>(() => UpdateAsync(Client(2), 1, 6, 50))).Failure.ShouldBe(GridFailure.UncoordinatedWrite);
        (await Should.ThrowAsync<GridException>(() => UpdateAsync(Client(2), 3, 5, 50))).Failure.ShouldBe(GridFailure.UncoordinatedWrite);
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => UpdateAsync(Client(1), 2, _content.Length + 1, 1));
        await ShouldHoldAsync(2, Patched(5, 50));
    }

    [Fact]
    public async Task RepeatingAnUpdateBringsUpTheDirectoriesThatItHadNotReached()
    {
        var (grid, servers) = await Directories.FailingClientAsync(1);
        servers[0].RefusesVersions = servers[1].RefusesVersions = servers[2].RefusesVersions = true;
        (await Should.ThrowAsync<GridException>(() => UpdateAsync(grid, 1, 5, 50))).Message.ShouldContain("reach 2 of 5 servers");
        servers[0].RefusesVersions = servers[1].RefusesVersions = servers[2].RefusesVersions = false;
        (await UpdateAsync(grid, 1, 5, 50)).ShouldBe(2);
        Seqnums().ShouldBe([2, 2, 2, 2, 2]);
        await ShouldBeSoundEverywhereAsync();
        await ShouldHoldAsync(2, Patched(5, 50));
    }

    [Fact]
    public async Task OfTwoUpdatesAtOnceOneWinsAndTheOtherHasChangedNothing()
    {
        var (grid, servers) = await Directories.FailingClientAsync(1);
        var hasBegun = false;
        foreach (var server in servers)
        {
            server.BeforeVersion = async () =>
            {
                if (!hasBegun)
                {
                    hasBegun = true;
                    (await UpdateAsync(Client(2), 1, Segment, 10)).ShouldBe(2);
                }
            };
        }

        (await Should.ThrowAsync<GridException>(() => UpdateAsync(grid, 1, 0, 10))).Failure.ShouldBe(GridFailure.UncoordinatedWrite);
        await ShouldHoldAsync(2, Patched(Segment, 10));
        Seqnums().ShouldBe([2, 2, 2, 2, 2]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task AnUpdateThatDiesAfterAnyNumberOfSharesLeavesTheOldVersionOrTheNewOne(int landed)
    {
        var before = Directories.AllShares.ToDictionary(path => path, File.ReadAllBytes);
        await UpdateAsync(Client(1), 1, 5, 50);
        foreach (var (path, old) in before.Skip(landed))
        {
            await File.WriteAllBytesAsync(path, old);
        }

        var expected = landed < 2 ? _content : Patched(5, 50);
        await ShouldHoldAsync(landed < 2 ? 1 : 2, expected);
        var next = (byte[])expected.Clone();
        Patch(10).CopyTo(next, 2 * Segment);
        var seqnum = await Client(2).UpdateMutableAsync(Cap, landed < 2 ? 1 : 2, 2 * Segment, Patch(10), default);
        seqnum.ShouldBe(landed == 0 ? 2 : 3);
        await ShouldHoldAsync(seqnum, next);
        Seqnums().ShouldAllBe(found => found == seqnum);
    }

    [Fact]
    public async Task DirectoriesThatWentBackToAnOldVersionAreSeenAndBroughtUp()
    {
        var old = Directories.Shares(0).Concat(Directories.Shares(4)).ToDictionary(path => path, File.ReadAllBytes);
        await UpdateAsync(Client(1), 1, 5, 50);
        foreach (var (path, bytes) in old)
        {
            await File.WriteAllBytesAsync(path, bytes);
        }

        await ShouldHoldAsync(2, Patched(5, 50));
        var check = await Client(1).CheckAsync(Cap, default);
        check.Versions.Select(version => (version.Seqnum, version.Shares)).ShouldBe([(2L, 3), (1L, 2)]);
        (await Client(1).RepairAsync(Cap, default)).After.IsHealthy.ShouldBeTrue();
        await ShouldHoldAsync(3, Patched(5, 50));
    }

    [Fact]
    public async Task AnOpenedVersionStaysWhatItWasAndSaysWhenItCannotBeReadAnyMore()
    {
        await using (var file = await Client(1).OpenMutableAsync(Cap.ToReadCap(), default))
        {
            await Client(2).PublishMutableAsync(Cap, 1, "short"u8.ToArray(), default);
            file.Size.ShouldBe(_content.Length);
            var read = new byte[200_000];
            await file.ReadAsync(100_000, read, default);
            read.ShouldBe(_content[100_000..300_000]);
        }

        await ShouldHoldAsync(2, "short"u8.ToArray());
        await Client(1).PublishMutableAsync(Cap, 2, _content, default);
        foreach (var i in (int[])[0, 1, 2, 3])
        {
            await FlipAsync(Directories.Shares(i).Single(), BlocksAt + (2 * SaltAndBlock) + 50);
        }

        await using var damaged = await Client(1).OpenMutableAsync(Cap.ToReadCap(), default);
        await damaged.ReadAsync(0, new byte[2 * Segment], default);
        var failure = await Should.ThrowAsync<GridException>(async () => await damaged.ReadAsync(2 * Segment, new byte[1], default));
        failure.Failure.ShouldBe(GridFailure.Damaged);
        (await Should.ThrowAsync<GridException>(() => Client(1).ReadMutableAsync(Cap.ToReadCap(), default))).Failure.ShouldBe(GridFailure.Damaged);
    }

    [Fact]
    public async Task ACapOfTheOtherFormatReadsAndWritesWhatIsThereAndCreatesNothingOverIt()
    {
        var other = _keys.ToWriteCap(MutableFormat.Sdmf);
        (await Client(1).ReadMutableAsync(other.ToReadCap(), default)).Content.ToArray().ShouldBe(_content);
        (await Client(1).PublishMutableAsync(other, 1, "two"u8.ToArray(), default)).ShouldBe(2);
        await ShouldHoldAsync(2, "two"u8.ToArray());
        Directories.AllShares.ShouldAllBe(path => File.ReadAllBytes(path)[MutableContainerHeader.DataOffset] == 1);
        (await Should.ThrowAsync<GridException>(() => Client(1).CreateMutableAsync(_keys, "two"u8.ToArray(), default))).Message.ShouldContain("other format");
        (await Client(1).CheckAsync(other.ToVerifyCap(), default)).IsHealthy.ShouldBeTrue();
    }

    [Fact]
    public async Task AnSdmfObjectIsUpdatedByWritingAllOfItAgain()
    {
        using var directories = await SpreadGrid.CreateAsync(3, new GridEncoding(1, 2, 3));
        var grid = directories.Client(1, new ImpatientTime());
        var cap = _keys.ToWriteCap();
        await grid.CreateMutableAsync(_keys, "some content"u8.ToArray(), default);
        (await grid.UpdateMutableAsync(cap, 1, 5, "CONTENT and more"u8.ToArray(), default)).ShouldBe(2);
        (await grid.ReadMutableAsync(cap.ToReadCap(), default)).Content.ToArray().ShouldBe("some CONTENT and more"u8.ToArray());
    }

    [Fact]
    public async Task WhatIsTooLargeIsRefusedBeforeAnythingIsWritten()
    {
        var failure = await Should.ThrowAsync<GridException>(
            () => Client(1).PublishMutableAsync(Cap, 1, new byte[TahoeGrid.MaxMutableLength(MutableFormat.Mdmf) + 1], default));
        failure.Failure.ShouldBe(GridFailure.TooLarge);
        Seqnums().ShouldBe([1, 1, 1, 1, 1]);
    }

    private TahoeGrid Client(byte number) => Directories.Client(number, new ImpatientTime());

    private Task<long> UpdateAsync(TahoeGrid grid, long expected, int offset, int count) => grid.UpdateMutableAsync(Cap, expected, offset, Patch(count), default);

    private static byte[] Patch(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i * 7))];

    private byte[] Patched(int offset, int count)
    {
        var patched = new byte[Math.Max(_content.Length, offset + count)];
        _content.CopyTo(patched, 0);
        Patch(count).CopyTo(patched, offset);
        return patched;
    }

    private async Task ShouldHoldAsync(long seqnum, byte[] content)
    {
        var version = await Client(3).ReadMutableAsync(Cap.ToReadCap(), default);
        version.Seqnum.ShouldBe(seqnum);
        version.Content.Span.SequenceEqual(content).ShouldBeTrue();
    }

    private async Task ShouldBeSoundEverywhereAsync()
    {
        var check = await Client(3).CheckAsync(Cap, default);
        check.IsHealthy.ShouldBeTrue();
        check.Shares.ShouldAllBe(share => share.IsSound);
    }

    private long[] Seqnums() => [.. Directories.AllShares.Select(SeqnumAt)];

    private long[] Seqnums(int directory) => [.. Directories.Shares(directory).Select(SeqnumAt)];

    private static long SeqnumAt(string path) => BinaryPrimitives.ReadInt64BigEndian(File.ReadAllBytes(path).AsSpan(MutableContainerHeader.DataOffset + 1));

    private static async Task FlipAsync(string path, int at)
    {
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[at] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
    }
}
