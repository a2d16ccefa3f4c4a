using System.Buffers.Binary;
using MagicFolder.Grid.Servers;
using MagicFolder.Grid.Tests.Support;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Mutable;
using MagicFolder.Tahoe.Shares;

namespace MagicFolder.Grid.Tests.Spread;

/// <summary>Mutable objects on five directories, of which any two are enough to read and three to write.</summary>
public abstract class SpreadMutableTests(MutableFormat format) : IAsyncLifetime
{
    private readonly MutableKeys _keys = TestKeys.Take();
    private SpreadGrid? _directories;

    private SpreadGrid Directories => _directories!;

    private MutableWriteCap Cap => _keys.ToWriteCap(format);

    public async ValueTask InitializeAsync() => _directories = await SpreadGrid.CreateAsync(5, new GridEncoding(2, 3, 5));

    public ValueTask DisposeAsync()
    {
        _keys.Dispose();
        _directories!.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task EveryDirectoryGetsAShareAndEveryVersionStaysInItsPlace()
    {
        var grid = Client(1);
        await grid.CreateMutableAsync(_keys, format, "one"u8.ToArray(), default);
        var places = Directories.AllShares.ToArray();
        places.Length.ShouldBe(5);
        places.Select(Path.GetFileName).Distinct().Count().ShouldBe(5);
        await Client(2).PublishMutableAsync(Cap, 1, "two"u8.ToArray(), default);
        Directories.AllShares.ShouldBe(places);
        Seqnums().ShouldBe([2, 2, 2, 2, 2]);
    }

    [Fact]
    public async Task DirectoriesThatWereAwayAreBroughtUpByTheNextVersion()
    {
        var grid = Client(1);
        await grid.CreateMutableAsync(_keys, format, "one"u8.ToArray(), default);
        Directories.Lose(0);
        Directories.Lose(3);
        await grid.PublishMutableAsync(Cap, 1, "two"u8.ToArray(), default);
        Directories.BringBack(0);
        Directories.BringBack(3);
        Seqnums().Count(seqnum => seqnum == 1).ShouldBe(2);
        (await ReadAsync(Client(2))).ShouldBe((2, "two"));
        await Client(2).PublishMutableAsync(Cap, 2, "three"u8.ToArray(), default);
        Seqnums().ShouldAllBe(seqnum => seqnum == 3);
        Directories.Lose(1);
        Directories.Lose(2);
        (await ReadAsync(Client(1))).ShouldBe((3, "three"));
    }

    [Fact]
    public async Task ANewDirectoryInThePlaceOfALostOneIsWrittenByThoseWhoKnewTheOldOneAndByOthers()
    {
        var grid = Client(1);
        await grid.CreateMutableAsync(_keys, format, "one"u8.ToArray(), default);
        Directories.Lose(0);
        Directories.Replace(0);
        await grid.PublishMutableAsync(Cap, 1, "two"u8.ToArray(), default);
        Seqnums().ShouldBe([2, 2, 2, 2, 2]);
        await Client(2).PublishMutableAsync(Cap, 2, "three"u8.ToArray(), default);
        await grid.PublishMutableAsync(Cap, 3, "four"u8.ToArray(), default);
        Seqnums().ShouldBe([4, 4, 4, 4, 4]);
    }

    [Fact]
    public async Task RepeatingAPublicationBringsUpThoseThatItHadNotReached()
    {
        var (grid, servers) = await Directories.FailingClientAsync(1);
        await grid.CreateMutableAsync(_keys, format, "one"u8.ToArray(), default);
        servers[0].RefusesVersions = servers[1].RefusesVersions = servers[2].RefusesVersions = true;
        var failure = await Should.ThrowAsync<GridException>(() => grid.PublishMutableAsync(Cap, 1, "two"u8.ToArray(), default));
        failure.Failure.ShouldBe(GridFailure.NoSpace);
        failure.Message.ShouldContain("reach 2 of 5 servers, and 3 are needed");
        failure.Message.ShouldContain(Directories.At(2));
        servers[0].RefusesVersions = servers[1].RefusesVersions = servers[2].RefusesVersions = false;
        (await grid.PublishMutableAsync(Cap, 1, "two"u8.ToArray(), default)).ShouldBe(2);
        Seqnums().ShouldAllBe(seqnum => seqnum == 2);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task AWriterThatDiesAfterAnyNumberOfSharesIsRecoveredFrom(int landed)
    {
        await Client(1).CreateMutableAsync(_keys, format, "one"u8.ToArray(), default);
        await LandAsync(landed, "lost");

        var reader = Client(2);
        var before = await ReadAsync(reader);
        before.ShouldBe(landed < 2 ? (1, "one") : (2, "lost"));
        var seqnum = await reader.PublishMutableAsync(Cap, before.Seqnum, "next"u8.ToArray(), default);
        seqnum.ShouldBe(landed == 0 ? 2 : 3);
        Seqnums().ShouldAllBe(found => found == seqnum);
        (await ReadAsync(Client(1))).ShouldBe((seqnum, "next"));
        (await Should.ThrowAsync<GridException>(() => Client(1).PublishMutableAsync(Cap, before.Seqnum, "late"u8.ToArray(), default))).Failure
            .ShouldBe(GridFailure.UncoordinatedWrite);
    }

    [Fact]
    public async Task AWriterThatFindsAnotherOneAtWorkWaitsForItAndDoesNotWriteOverIt()
    {
        var (first, servers) = await Directories.FailingClientAsync(1);
        await first.CreateMutableAsync(_keys, format, "one"u8.ToArray(), default);
        var isHalfWay = new TaskCompletionSource();
        var mayGoOn = new TaskCompletionSource();
        var writes = 0;
        foreach (var server in servers)
        {
            server.BeforeVersion = () =>
            {
                if (Interlocked.Increment(ref writes) == 1)
                {
                    return Task.CompletedTask;
                }

                isHalfWay.TrySetResult();
                return mayGoOn.Task;
            };
        }

        var writing = first.PublishMutableAsync(Cap, 1, "first"u8.ToArray(), default);
        await isHalfWay.Task;
        Seqnums().Count(seqnum => seqnum == 2).ShouldBe(1);
        (await ReadAsync(Client(3))).ShouldBe((1, "one"));
        var second = Directories.Client(2, new WaitingTime(() =>
        {
            mayGoOn.TrySetResult();
            return writing;
        }));
        (await Should.ThrowAsync<GridException>(() => second.PublishMutableAsync(Cap, 1, "second"u8.ToArray(), default))).Failure.ShouldBe(GridFailure.UncoordinatedWrite);
        (await writing).ShouldBe(2);
        (await ReadAsync(second)).ShouldBe((2, "first"));
        Seqnums().ShouldAllBe(seqnum => seqnum == 2);
    }

    [Fact]
    public async Task AWriterThatDiesInTheMidstDoesNotLoseTheVersionBefore()
    {
        var (grid, servers) = await Directories.FailingClientAsync(1);
        await grid.CreateMutableAsync(_keys, format, "one"u8.ToArray(), default);
        for (var i = 0; i < 5; i++)
        {
            servers[i].KillsWriter = true;
            await Should.ThrowAsync<InvalidOperationException>(() => grid.PublishMutableAsync(Cap, 1, "two"u8.ToArray(), default));
            servers[i].KillsWriter = false;
            var (seqnum, content) = await ReadAsync(Client(2));
            if (seqnum > 1)
            {
                content.ShouldBe("two");
                return;
            }

            content.ShouldBe("one");
        }
    }

    [Fact]
    public async Task DamagedSharesAreWorkedAroundAndWrittenOver()
    {
        await Client(1).CreateMutableAsync(_keys, format, "one"u8.ToArray(), default);
        var share = Directories.Shares(1).Single();
        var bytes = await File.ReadAllBytesAsync(share);
        bytes[MutableContainerHeader.DataOffset + 20] ^= 1;
        await File.WriteAllBytesAsync(share, bytes);
        await File.WriteAllBytesAsync(Directories.Shares(2).Single(), new byte[3]);
        File.Delete(Directories.Shares(4).Single());
        (await ReadAsync(Client(2))).ShouldBe((1, "one"));
        await Client(2).PublishMutableAsync(Cap, 1, "two"u8.ToArray(), default);
        Directories.AllShares.Count().ShouldBe(5);
        Seqnums().ShouldAllBe(seqnum => seqnum == 2);
    }

    [Fact]
    public async Task WithoutEnoughDirectoriesNothingIsChanged()
    {
        await Client(1).CreateMutableAsync(_keys, format, "one"u8.ToArray(), default);
        foreach (var i in (int[])[1, 2, 3])
        {
            Directories.Lose(i);
        }

        var failure = await Should.ThrowAsync<GridException>(() => Client(1).PublishMutableAsync(Cap, 1, "two"u8.ToArray(), default));
        failure.Failure.ShouldBe(GridFailure.Unavailable);
        failure.Message.ShouldContain("2 of 5");
        (await ReadAsync(Client(1))).ShouldBe((1, "one"));
        Directories.Lose(0);
        (await Should.ThrowAsync<GridException>(() => ReadAsync(Client(1)))).Failure.ShouldBe(GridFailure.Unavailable);
        (await Should.ThrowAsync<GridException>(() => Client(1).RewriteMutableAsync(_keys, 9, "nine"u8.ToArray(), default))).Failure.ShouldBe(GridFailure.Unavailable);
    }

    [Fact]
    public async Task WhatIsDamagedEverywhereIsWrittenAgain()
    {
        await Client(1).CreateMutableAsync(_keys, format, "one"u8.ToArray(), default);
        foreach (var share in Directories.AllShares.ToArray())
        {
            await File.WriteAllBytesAsync(share, new byte[10]);
        }

        (await Should.ThrowAsync<GridException>(() => ReadAsync(Client(2)))).Failure.ShouldBe(GridFailure.Damaged);
        await Client(2).RewriteMutableAsync(_keys, 7, "seven"u8.ToArray(), default);
        (await ReadAsync(Client(1))).ShouldBe((7, "seven"));
        (await Client(1).CheckAsync(Cap, default)).Shares.ShouldAllBe(share => share.Version == 7);
    }

    private TahoeGrid Client(byte number) => Directories.Client(number, new ImpatientTime());

    /// <summary>Puts shares of a second version on the first servers, as a writer does that dies after them.</summary>
    private async Task LandAsync(int shares, string content)
    {
        var publication = await BuildAsync(System.Text.Encoding.UTF8.GetBytes(content));
        foreach (var path in Directories.AllShares.Take(shares).ToArray())
        {
            var container = MutableContainer.Parse(await File.ReadAllBytesAsync(path));
            var number = int.Parse(Path.GetFileName(path), System.Globalization.CultureInfo.InvariantCulture);
            await File.WriteAllBytesAsync(path, container.WithData(publication[number]).Write());
        }
    }

    private async Task<ReadOnlyMemory<byte>[]> BuildAsync(byte[] content)
    {
        if (format == MutableFormat.Sdmf)
        {
            return [.. SdmfPublisher.Build(_keys, 2, content, Directories.Random.Bytes(16), 2, 5).Shares];
        }

        var streams = Enumerable.Range(0, 5).Select(_ => new MemoryStream()).ToArray();
        var publication = await MdmfPublisher.PublishAsync(_keys, 2, new MemoryStream(content), content.Length, Directories.Random, streams, 2, default);
        return [.. streams.Select((stream, i) =>
        {
            var share = new byte[publication.ShareLength];
            foreach (var write in publication.WritesOf(i, stream.ToArray()))
            {
                write.Bytes.CopyTo(share.AsMemory((int)write.Offset));
            }

            return (ReadOnlyMemory<byte>)share;
        })];
    }

    /// <summary>All shares must be of the format.</summary>
    private long[] Seqnums() => [.. Directories.AllShares.Select(path =>
    {
        var share = MutableContainer.Parse(File.ReadAllBytes(path)).Data.Span;
        ((int)share[0]).ShouldBe(format == MutableFormat.Sdmf ? 0 : 1);
        return BinaryPrimitives.ReadInt64BigEndian(share[1..]);
    })];

    private async Task<(long Seqnum, string Content)> ReadAsync(TahoeGrid grid)
    {
        var version = await grid.ReadMutableAsync(Cap.ToReadCap(), default);
        return (version.Seqnum, System.Text.Encoding.UTF8.GetString(version.Content.Span));
    }
}

public sealed class SpreadSdmfTests() : SpreadMutableTests(MutableFormat.Sdmf);

public sealed class SpreadMdmfTests() : SpreadMutableTests(MutableFormat.Mdmf);
