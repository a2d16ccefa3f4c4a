using MagicFolder.Grid.Servers;
using MagicFolder.Grid.Tests.Support;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Grid.Tests.Servers;

/// <summary>
/// Whoever controls the directory puts something else in the place of its files: it is damage with a name, nobody waits for it, and nothing outside is written to or removed.
/// </summary>
public sealed class ForeignThingTests : IDisposable
{
    private static readonly StorageIndex Index = StorageIndex.From(Enumerable.Repeat((byte)3, 16).ToArray());
    private static readonly Digest Enabler = Digest.From(new byte[32]);
    private static readonly LeaseSecrets Lease = LeaseSecrets.Derive(new byte[32], Index, new byte[20]);

    private readonly TemporaryGrid _grid = new();

    private string Shares => Path.Combine(_grid.Root, "shares");

    private string Slot => Path.Combine(Shares, Index.ToString()[..2], Index.ToString());

    private string Share => Path.Combine(Slot, "0");

    private string Outside => Path.Combine(_grid.Root, "..", "outside");

    public static TheoryData<string> NoFiles => ForeignThing.NoFiles;

    [Theory(Timeout = 20_000)]
    [MemberData(nameof(NoFiles))]
    public async Task InThePlaceOfAnImmutableShareItIsDamage(string thing)
    {
        var server = await _grid.CreateAsync();
        await PutAsync(server);
        ForeignThing.Put(thing, Share);

        (await server.ListSharesAsync(Index, default)).ShouldBe([0]);
        await ShouldBeDamageAsync(() => server.OpenShareAsync(Index, 0, default));
        await ShouldBeDamageAsync(() => server.AddOrRenewLeaseAsync(Index, Lease, default));
        (await server.DeleteUnleasedAsync(Index, null, default)).Outcome.ShouldBe(ReclaimOutcome.Damaged);

        ForeignThing.TakeAway(Share);
        await using var share = await server.OpenShareAsync(Index, 0, default);
        (await server.AddOrRenewLeaseAsync(Index, Lease, default)).ShouldBeTrue();
    }

    [Theory(Timeout = 20_000)]
    [MemberData(nameof(NoFiles))]
    public async Task InThePlaceOfAMutableShareItIsWrittenOverUnlessItIsADirectory(string thing)
    {
        var server = await _grid.CreateAsync();
        await WriteAsync(server, "one"u8.ToArray());
        ForeignThing.Put(thing, Share);

        await ShouldBeDamageAsync(() => server.OpenShareAsync(Index, 0, default));
        if (thing.Contains("directory", StringComparison.Ordinal))
        {
            await ShouldBeDamageAsync(() => WriteAsync(server, "two"u8.ToArray()));
            ForeignThing.TakeAway(Share);
        }
        else
        {
            (await WriteAsync(server, "two"u8.ToArray())).ShouldBeTrue();
        }

        await using var share = await server.OpenShareAsync(Index, 0, default);
        share.Length.ShouldBe(3);
    }

    [Theory(Timeout = 20_000)]
    [MemberData(nameof(NoFiles))]
    public async Task InThePlaceOfASlotOrItsGroupItIsDamage(string thing)
    {
        if (thing.Contains("directory", StringComparison.Ordinal))
        {
            return;
        }

        var server = await _grid.CreateAsync();
        foreach (var place in (string[])[Slot, Path.GetDirectoryName(Slot)!])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            ForeignThing.Put(thing == "a link to another share" ? "a link to itself" : thing, place);
            await Should.ThrowAsync<GridException>(() => PutAsync(server));
            var failure = await Should.ThrowAsync<GridException>(() => WriteAsync(server, "x"u8.ToArray()));
            failure.Failure.ShouldBe(GridFailure.Damaged);
            File.Delete(place);
            if (place == Slot) Directory.Delete(Path.GetDirectoryName(Slot)!);
        }
    }

    [Theory(Timeout = 20_000)]
    [InlineData("nodeid")]
    [InlineData("magic-folder-grid")]
    public async Task APipeInThePlaceOfAFileOfTheGridIsNotWaitedFor(string name)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await _grid.CreateAsync();
        ForeignThing.Put("a pipe", Path.Combine(_grid.Root, name));

        await ShouldBeDamageAsync(() => _grid.OpenAsync());
    }

    [Fact]
    public async Task ALinkInThePlaceOfATemporaryFileIsNotWrittenThrough()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var server = await _grid.CreateAsync();
        await WriteAsync(server, "one"u8.ToArray());
        var precious = await PreciousAsync("precious");
        File.CreateSymbolicLink(Share + ".new", precious);

        (await WriteAsync(server, "two"u8.ToArray(), "one"u8.ToArray())).ShouldBeTrue();

        (await File.ReadAllTextAsync(precious)).ShouldBe("precious");
        new FileInfo(Share).LinkTarget.ShouldBeNull();
    }

    [Fact]
    public async Task ALinkInThePlaceOfADirectoryIsNotWrittenThrough()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var server = await _grid.CreateAsync();
        Directory.CreateDirectory(Outside);
        Directory.CreateSymbolicLink(Path.GetDirectoryName(Slot)!, Outside);

        await ShouldBeDamageAsync(() => PutAsync(server));
        await ShouldBeDamageAsync(() => WriteAsync(server, "x"u8.ToArray()));

        // The slot's directory at most: it is empty, and under a name that nobody else has.
        Directory.EnumerateFiles(Outside, "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhatALinkAmongTheUnfinishedUploadsPointsToIsNotRemoved(bool itself)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await _grid.CreateAsync();
        var precious = await PreciousAsync("precious");
        File.SetLastWriteTimeUtc(precious, _grid.Time.Now.UtcDateTime.AddDays(-2));
        var incoming = Path.Combine(Shares, "incoming");
        if (itself)
        {
            if (Directory.Exists(incoming)) Directory.Delete(incoming, recursive: true);
            Directory.CreateSymbolicLink(incoming, Outside);
            await ShouldBeDamageAsync(() => _grid.OpenAsync());
        }
        else
        {
            Directory.CreateDirectory(incoming);
            Directory.CreateSymbolicLink(Path.Combine(incoming, "link"), Outside);
            await _grid.OpenAsync();
        }

        File.Exists(precious).ShouldBeTrue();
    }

    [Fact]
    public async Task DamagedLeasesBehindAMutableShareDoNotKeepItFromBeingWritten()
    {
        var server = await _grid.CreateAsync();
        await WriteAsync(server, "one"u8.ToArray());
        var bytes = await File.ReadAllBytesAsync(Share);
        bytes.AsSpan(^4..).Fill(0xff);
        await File.WriteAllBytesAsync(Share, bytes);

        (await WriteAsync(server, "two"u8.ToArray(), "one"u8.ToArray())).ShouldBeTrue();
        (await server.AddOrRenewLeaseAsync(Index, Lease, default)).ShouldBeTrue();
    }

    public void Dispose() => _grid.Dispose();

    private async Task<string> PreciousAsync(string text)
    {
        Directory.CreateDirectory(Outside);
        var path = Path.Combine(Outside, "precious");
        await File.WriteAllTextAsync(path, text);
        return path;
    }

    private static async Task PutAsync(DirectoryShareServer server)
    {
        await using var upload = await server.BeginUploadAsync(Index, 0, 3, Lease, default);
        await upload!.WriteAsync("abc"u8.ToArray(), default);
        await upload.FinishAsync(default);
    }

    private static async Task<bool> WriteAsync(DirectoryShareServer server, byte[] data, byte[]? expected = null)
    {
        var test = expected is null ? TestVector.MustNotExist : TestVector.BeginsWith(expected);
        var request = new ReadTestWriteRequest([new ShareWrite(0, [test], [new WriteVector(0, data)], data.Length)], []);
        return (await server.ReadTestWriteAsync(Index, Enabler, Lease, request, default)).Success;
    }

    private static async Task ShouldBeDamageAsync(Func<Task> act) => (await Should.ThrowAsync<GridException>(act)).Failure.ShouldBe(GridFailure.Damaged);
}
