using System.Buffers.Binary;
using MagicFolder.Grid.Servers;
using MagicFolder.Grid.Tests.Support;
using MagicFolder.Tahoe.Hashing;
using MagicFolder.Tahoe.Shares;

namespace MagicFolder.Grid.Tests.Servers;

public sealed partial class DirectoryShareServerTests
{
    [Fact]
    public async Task ATestThatFailsChangesNothingAndShowsWhatIsThere()
    {
        var server = await _grid.CreateAsync();
        (await WriteMutableAsync(server, Index(1), [], "one"u8.ToArray())).Success.ShouldBeTrue();
        var before = await File.ReadAllBytesAsync(_grid.ShareFiles.Single());

        var answer = await WriteMutableAsync(server, Index(1), [], "two"u8.ToArray());
        answer.Success.ShouldBeFalse();
        answer.Data[0][0].ToArray().ShouldBe("one"u8.ToArray());
        (await File.ReadAllBytesAsync(_grid.ShareFiles.Single())).ShouldBe(before);
    }

    [Fact]
    public async Task ReadsShowTheShareBeforeTheWrite()
    {
        var server = await _grid.CreateAsync();
        (await WriteMutableAsync(server, Index(1), [], "one"u8.ToArray())).Data.ShouldBeEmpty();
        var answer = await WriteMutableAsync(server, Index(1), "one"u8.ToArray(), "two"u8.ToArray());
        answer.Success.ShouldBeTrue();
        answer.Data[0][0].ToArray().ShouldBe("one"u8.ToArray());
        (await ReadAsync(server, Index(1))).ShouldBe("two"u8.ToArray());
    }

    [Fact]
    public async Task AnotherWriteEnablerIsDenied()
    {
        var server = await _grid.CreateAsync();
        await WriteMutableAsync(server, Index(1), [], "one"u8.ToArray());
        var other = Digest.From(new byte[32]);
        (await Should.ThrowAsync<GridException>(() => WriteMutableAsync(server, Index(1), "one"u8.ToArray(), "two"u8.ToArray(), other)))
            .Failure.ShouldBe(GridFailure.Denied);
        (await ReadAsync(server, Index(1))).ShouldBe("one"u8.ToArray());
    }

    [Fact]
    public async Task NewLengthZeroDeletesTheShareAndItsEmptySlot()
    {
        var server = await _grid.CreateAsync();
        await WriteMutableAsync(server, Index(1), [], "one"u8.ToArray());
        await File.WriteAllTextAsync(_grid.ShareFiles.Single() + ".new", "left by a crash");
        var request = new ReadTestWriteRequest([new ShareWrite(0, [], [], NewLength: 0)], []);
        (await server.ReadTestWriteAsync(Index(1), Enabler, Lease(1), request, default)).Success.ShouldBeTrue();
        _grid.Slots.ShouldBeEmpty();
    }

    [Fact]
    public async Task HolesAreZerosAndSmallerLengthsCut()
    {
        var server = await _grid.CreateAsync();
        await WriteAsync([new WriteVector(4, "ab"u8.ToArray()), new WriteVector(5, "c"u8.ToArray())], null);
        (await ReadAsync(server, Index(1))).ShouldBe(new byte[] { 0, 0, 0, 0, (byte)'a', (byte)'c' });
        await WriteAsync([], 5);
        (await ReadAsync(server, Index(1))).ShouldBe(new byte[] { 0, 0, 0, 0, (byte)'a' });
        await WriteAsync([], 500);
        (await ReadAsync(server, Index(1))).Length.ShouldBe(5);

        Task WriteAsync(WriteVector[] writes, long? length) => server.ReadTestWriteAsync(
            Index(1), Enabler, Lease(1), new ReadTestWriteRequest([new ShareWrite(0, [], writes, length)], []), default);
    }

    [Fact]
    public async Task AHugeOffsetCostsNoMemory()
    {
        var server = await _grid.CreateAsync();
        var request = new ReadTestWriteRequest([new ShareWrite(0, [], [new WriteVector(long.MaxValue, new byte[1])], null)], []);
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => server.ReadTestWriteAsync(Index(1), Enabler, Lease(1), request, default));
    }

    [Fact]
    public async Task ALeftoverOfACrashIsNeverTakenForAShareAndIsWrittenOver()
    {
        var server = await _grid.CreateAsync();
        await WriteMutableAsync(server, Index(1), [], "one"u8.ToArray());
        var path = _grid.ShareFiles.Single();
        await File.WriteAllTextAsync(path + ".new", "half a ver");

        (await ReadAsync(server, Index(1))).ShouldBe("one"u8.ToArray());
        (await WriteMutableAsync(server, Index(1), "one"u8.ToArray(), "two"u8.ToArray())).Success.ShouldBeTrue();
        (await ReadAsync(server, Index(1))).ShouldBe("two"u8.ToArray());
        _grid.ShareFiles.ShouldBe([path]);
    }

    [Fact]
    public async Task AReaderKeepsTheVersionItOpened()
    {
        var server = await _grid.CreateAsync();
        await WriteMutableAsync(server, Index(1), [], "one"u8.ToArray());
        await using var share = await server.OpenShareAsync(Index(1), 0, default);
        await WriteMutableAsync(server, Index(1), "one"u8.ToArray(), "two"u8.ToArray());
        var data = new byte[3];
        await share.ReadAsync(0, data, default);
        data.ShouldBe("one"u8.ToArray());
    }

    [Fact]
    public async Task LeasesOfAllWritersSurviveEveryWrite()
    {
        var server = await _grid.CreateAsync();
        await WriteMutableAsync(server, Index(1), [], "v0"u8.ToArray());
        for (var client = 2; client <= 7; client++)
        {
            await server.AddOrRenewLeaseAsync(Index(1), Lease(client), default);
        }

        await WriteMutableAsync(server, Index(1), "v0"u8.ToArray(), new byte[5000]);
        var leases = MutableContainer.Parse(await File.ReadAllBytesAsync(_grid.ShareFiles.Single())).Leases;
        leases.Count.ShouldBe(7);
        for (var client = 1; client <= 7; client++)
        {
            leases[client - 1].BelongsTo(ContainerVersion.V2, Lease(client)).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task AnImmutableSlotCannotBeWrittenAndAMutableOneNotUploadedTo()
    {
        var server = await _grid.CreateAsync();
        await PutAsync(server, Index(1), new byte[5]);
        await WriteMutableAsync(server, Index(2), [], "one"u8.ToArray());
        (await Should.ThrowAsync<GridException>(() => WriteMutableAsync(server, Index(1), [], "x"u8.ToArray()))).Failure.ShouldBe(GridFailure.Denied);
        (await Should.ThrowAsync<GridException>(() => PutAsync(server, Index(2), new byte[5]))).Failure.ShouldBe(GridFailure.Denied);
    }

    [Fact]
    public async Task OfServersRacingOnOneDirectoryExactlyOneWinsEachVersion()
    {
        const int Servers = 4;
        const int Versions = 25;
        await _grid.CreateAsync();
        var wins = await Task.WhenAll(Enumerable.Range(0, Servers).Select(who => Task.Run(async () =>
        {
            var server = await _grid.OpenAsync();
            var won = new List<int>();
            var seen = 0;
            while (seen < Versions)
            {
                var next = new byte[8];
                BinaryPrimitives.WriteInt32BigEndian(next, seen + 1);
                BinaryPrimitives.WriteInt32BigEndian(next.AsSpan(4), who);
                var expected = next.AsSpan(0, 4).ToArray();
                BinaryPrimitives.WriteInt32BigEndian(expected, seen);
                var answer = await WriteMutableAsync(server, Index(1), seen == 0 ? [] : expected, next, client: who + 1);
                if (answer.Success)
                {
                    won.Add(seen + 1);
                }

                seen = answer.Success ? seen + 1 : BinaryPrimitives.ReadInt32BigEndian(answer.Data[0][0].Span);
            }

            return won;
        })));

        wins.SelectMany(w => w).Order().ShouldBe(Enumerable.Range(1, Versions));
        var container = MutableContainer.Parse(await File.ReadAllBytesAsync(_grid.ShareFiles.Single()));
        container.Leases.Count.ShouldBe(wins.Count(w => w.Count > 0));
    }

    [Fact]
    public async Task LeasesAddedByManyServersAtOnceAreAllThere()
    {
        var server = await _grid.CreateAsync();
        await PutAsync(server, Index(1), new byte[1000]);
        await Task.WhenAll(Enumerable.Range(2, 12).Select(client => Task.Run(async () =>
        {
            var own = await _grid.OpenAsync();
            (await own.AddOrRenewLeaseAsync(Index(1), Lease(client), default)).ShouldBeTrue();
        })));

        ImmutableContainerHeader.Parse(await File.ReadAllBytesAsync(_grid.ShareFiles.Single())).LeaseCount.ShouldBe(13u);
        (await ReadAsync(server, Index(1))).Length.ShouldBe(1000);
    }
}
