using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MagicFolder.Grid.Servers;
using MagicFolder.Grid.Tests.Support;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;
using MagicFolder.Tahoe.Immutable;
using MagicFolder.Tahoe.Shares;

namespace MagicFolder.Grid.Tests;

/// <summary>The contract, for two clients with descriptors of their own on one directory; and what is special to the Tahoe-LAFS grid.</summary>
public sealed class TahoeGridTests : GridContract, IAsyncLifetime
{
    private readonly TemporaryGrid _directory = new();
    private TahoeGrid? _grid;
    private TahoeGrid? _other;

    protected override IGrid Grid => _grid!;

    protected override IGrid OtherClient => _other!;

    public async ValueTask InitializeAsync()
    {
        _grid = Client(await _directory.CreateAsync(), 1);
        _other = Client(await _directory.OpenAsync(), 2);
    }

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task ImmutableFilesOfWhichTwoSharesAreNeededAreReadFromOneDirectory()
    {
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Fixtures.TwoOfThree, "manifest.json")));
        var item = manifest.RootElement.GetProperty("immutable").EnumerateArray().Single(i => i.GetProperty("input_size").GetInt32() == 131_073);
        var cap = Cap.Parse<ChkCap>(item.GetProperty("cap").GetString()!);
        using var directory = new TemporaryGrid();
        Fixtures.CopyServerOfTwoOfThreeTo(directory.Root, 0);
        var grid = Client(await directory.OpenAsync(), 1);
        (await Should.ThrowAsync<GridException>(() => grid.OpenImmutableAsync(cap, default))).Failure.ShouldBe(GridFailure.NotFound);

        Fixtures.CopyServerOfTwoOfThreeTo(directory.Root, 2);
        var name = cap.StorageIndex.ToString();
        var shares = Directory.GetFiles(Path.Combine(directory.Root, "shares", name[..2], name));
        shares.Length.ShouldBe(2);
        var content = new byte[131_073];
        await using (var file = await grid.OpenImmutableAsync(cap, default))
        {
            await file.ReadAsync(0, content, default);
        }

        Convert.ToHexStringLower(SHA256.HashData(content)).ShouldBe(item.GetProperty("sha256").GetString());
        var damaged = File.ReadAllBytes(shares[0]);
        damaged[1000] ^= 1;
        File.WriteAllBytes(shares[0], damaged);
        await using var again = await grid.OpenImmutableAsync(cap, default);
        (await Should.ThrowAsync<GridException>(async () => await again.ReadAsync(0, content, default))).Failure.ShouldBe(GridFailure.Damaged);
    }

    [Fact]
    public async Task EveryFixtureOfTahoeIsReadThroughItsCap()
    {
        using var directory = new TemporaryGrid();
        Fixtures.CopyStorageTo(directory.Root);
        var grid = Client(await directory.OpenAsync(), 1);
        using var manifest = Manifest();
        var files = 0;
        var heads = new Dictionary<MutableFormat, int>();
        foreach (var item in manifest.RootElement.GetProperty("immutable").EnumerateArray())
        {
            await using var file = await grid.OpenImmutableAsync(Cap.Parse<ImmutableCap>(item.GetProperty("cap").GetString()!), default);
            var content = new byte[file.Size];
            await file.ReadAsync(0, content, default);
            Convert.ToHexStringLower(SHA256.HashData(content)).ShouldBe(item.GetProperty("sha256").GetString());
            files++;
        }

        foreach (var item in manifest.RootElement.GetProperty("mutable").EnumerateArray())
        {
            var cap = Cap.Parse<MutableReadCap>(item.GetProperty("ro_uri").GetString()!);
            var version = await grid.ReadMutableAsync(cap, default);
            Convert.ToHexStringLower(SHA256.HashData(version.Content.Span)).ShouldBe(item.GetProperty("sha256").GetString());
            version.Seqnum.ShouldBe(item.TryGetProperty("seqnum", out var seqnum) ? long.Parse(seqnum.ToString().Split(' ')[0]) : item.TryGetProperty("note", out _) ? 2 : 1);
            heads[cap.Format] = heads.GetValueOrDefault(cap.Format) + 1;
        }

        files.ShouldBeGreaterThan(5);
        heads.Values.ShouldBe([7, 8], ignoreOrder: true);
    }

    [Fact]
    public async Task AMutableFileOfTahoeIsPublishedToUnderTheNodeIdOfItsServer()
    {
        using var directory = new TemporaryGrid();
        Fixtures.CopyStorageTo(directory.Root);
        using var manifest = Manifest();
        await File.WriteAllTextAsync(Path.Combine(directory.Root, "nodeid"), Node(manifest, "stor0", "my_nodeid") + "\n");
        var grid = Client(await directory.OpenAsync(), 1);
        var item = manifest.RootElement.GetProperty("mutable").EnumerateArray().First(m => m.GetProperty("format").GetString() == "SDMF");
        var cap = Cap.Parse<MutableWriteCap>(item.GetProperty("rw_uri").GetString()!);

        var before = await grid.ReadMutableAsync(cap.ToReadCap(), default);
        (await grid.PublishMutableAsync(cap, before.Seqnum, "ours"u8.ToArray(), default)).ShouldBe(before.Seqnum + 1);
        (await grid.ReadMutableAsync(cap.ToReadCap(), default)).Content.ToArray().ShouldBe("ours"u8.ToArray());
    }

    [Fact]
    public void TheLeasesOfTahoeBelongToTheClientThatTookThem()
    {
        using var manifest = Manifest();
        Base32.TryDecode(Node(manifest, "c11", "private/secret"), out var secret).ShouldBeTrue();
        Base32.TryDecode(Node(manifest, "stor0", "my_nodeid"), out var server).ShouldBeTrue();
        foreach (var path in Fixtures.Shares)
        {
            var file = File.ReadAllBytes(path);
            StorageIndex.TryParse(Path.GetFileName(Path.GetDirectoryName(path)), out var index).ShouldBeTrue();
            var lease = MutableContainerHeader.IsMutable(file)
                ? MutableContainer.Parse(file).Leases.Single()
                : Lease.ParseImmutable(file.AsSpan(file.Length - Lease.ImmutableSize));
            lease.BelongsTo(ContainerVersion.V2, LeaseSecrets.Derive(secret!, index, server!)).ShouldBeTrue(path);
        }
    }

    [Fact]
    public async Task AMutableFileOfAnotherServerIsDenied()
    {
        using var directory = new TemporaryGrid();
        Fixtures.CopyStorageTo(directory.Root);
        using var manifest = Manifest();
        var grid = Client(await directory.OpenAsync(), 1);
        var item = manifest.RootElement.GetProperty("mutable").EnumerateArray().First(m => m.GetProperty("format").GetString() == "SDMF");
        var cap = Cap.Parse<MutableWriteCap>(item.GetProperty("rw_uri").GetString()!);
        var before = await grid.ReadMutableAsync(cap.ToReadCap(), default);
        (await Should.ThrowAsync<GridException>(() => grid.PublishMutableAsync(cap, before.Seqnum, "ours"u8.ToArray(), default)))
            .Failure.ShouldBe(GridFailure.Denied);
    }

    [Fact]
    public async Task ThePutOfWhatTahoePutMakesTheSameCapAndNoOtherShare()
    {
        using var directory = new TemporaryGrid();
        Fixtures.CopyStorageTo(directory.Root);
        using var manifest = Manifest();
        var secret = Encoding.ASCII.GetBytes(manifest.RootElement.GetProperty("convergence_secret_ascii").GetString()!);
        var before = directory.ShareFiles.Count();
        // Without the optional hash, which Tahoe-LAFS writes: its share is accepted all the same.
        var server = await directory.OpenAsync();
        var grid = new TahoeGrid([server], new byte[32], directory.Random, ChkParameters.Default with { IncludeCiphertextHash = false });
        foreach (var item in manifest.RootElement.GetProperty("immutable").EnumerateArray())
        {
            var cap = Cap.Parse<ImmutableCap>(item.GetProperty("cap").GetString()!);
            await using var file = await grid.OpenImmutableAsync(cap, default);
            var content = new byte[file.Size];
            await file.ReadAsync(0, content, default);
            (await PutAsync(grid, content, EncryptionKeyChoice.Convergent(secret))).ToUriString().ShouldBe(cap.ToUriString());
        }

        directory.ShareFiles.Count().ShouldBe(before);
    }

    [Fact]
    public async Task EveryDamageToAnImmutableShareIsNoticed()
    {
        var content = Content(300_000, seed: 11);
        var cap = (ChkCap)await PutAsync(Grid, content, Key(1));
        var path = _directory.ShareFiles.Single();
        var good = await File.ReadAllBytesAsync(path);
        // The blocks, and one byte in each section behind them that readers look at.
        foreach (var at in (int[])[12 + 0x24, 150_000, 299_000, 12 + 0x24 + 300_000 + (7 * 32) + (3 * 32), good.Length - 72 - 10])
        {
            var bad = (byte[])good.Clone();
            bad[at] ^= 1;
            await File.WriteAllBytesAsync(path, bad);
            var failure = await Should.ThrowAsync<GridException>(async () =>
            {
                await using var file = await Grid.OpenImmutableAsync(cap, default);
                await file.ReadAsync(0, new byte[content.Length], default);
            });
            failure.Failure.ShouldBe(GridFailure.Damaged);
            failure.Message.ShouldContain(cap.StorageIndex.ToString());
        }

        await File.WriteAllBytesAsync(path, good.AsMemory(0, 200_000));
        (await Should.ThrowAsync<GridException>(() => Grid.OpenImmutableAsync(cap, default))).Failure.ShouldBe(GridFailure.Damaged);
    }

    [Fact]
    public async Task ADamagedMutableShareIsWrittenAgainWhateverIsDamaged()
    {
        using var keys = TestKeys.Take();
        var cap = keys.ToWriteCap();
        await Grid.CreateMutableAsync(keys, Content(2000, seed: 3), default);
        var path = _directory.ShareFiles.Single();
        var good = await File.ReadAllBytesAsync(path);
        // The magic, the length of the data, the checkstring, the signature, the content; and the file cut anywhere.
        foreach (var at in (int[])[0, 84, 470, 1000, 2500])
        {
            var bad = (byte[])good.Clone();
            bad.AsSpan(at, 8).Fill(0x5a);
            await ShouldBeWrittenAgainAsync(bad);
        }

        foreach (var length in (int[])[0, 10, 200, 470, 1500])
        {
            await ShouldBeWrittenAgainAsync(good[..length]);
        }

        async Task ShouldBeWrittenAgainAsync(byte[] bad)
        {
            await File.WriteAllBytesAsync(path, bad);
            (await Should.ThrowAsync<GridException>(() => Grid.ReadMutableAsync(cap.ToReadCap(), default))).Failure.ShouldBe(GridFailure.Damaged);
            await Grid.RewriteMutableAsync(keys, 2, "again"u8.ToArray(), default);
            (await OtherClient.ReadMutableAsync(cap.ToReadCap(), default)).Content.ToArray().ShouldBe("again"u8.ToArray());
            await OtherClient.PublishMutableAsync(cap, 2, "next"u8.ToArray(), default);
        }
    }

    [Fact]
    public async Task AnInventedShareBesideTheTrueOneDoesNotHideIt()
    {
        using var keys = TestKeys.Take();
        var cap = keys.ToWriteCap();
        await Grid.CreateMutableAsync(keys, "mutable"u8.ToArray(), default);
        var pack = await PutAsync(Grid, Content(1000, seed: 3), Key(1));
        foreach (var share in _directory.ShareFiles.ToArray())
        {
            await File.WriteAllTextAsync(Path.Combine(Path.GetDirectoryName(share)!, "1"), "invented");
            Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(share)!, "7"));
        }

        (await Grid.PublishMutableAsync(cap, 1, "two"u8.ToArray(), default)).ShouldBe(2);
        (await Grid.ReadMutableAsync(cap.ToReadCap(), default)).Content.ToArray().ShouldBe("two"u8.ToArray());
        await using var file = await Grid.OpenImmutableAsync(pack, default);
        file.Size.ShouldBe(1000);
    }

    [Fact]
    public async Task PuttingOverAShareWithOtherContentIsReportedAndNotSilentlyTrusted()
    {
        await PutAsync(Grid, Content(1000, seed: 1), Key(1));
        var failure = await Should.ThrowAsync<GridException>(() => PutAsync(Grid, Content(1000, seed: 2), Key(1)));
        failure.Failure.ShouldBe(GridFailure.Damaged);
    }

    [Fact]
    public async Task TheDirectoryHoldsNeitherPlainTextNorKeys()
    {
        var content = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("a sentence that must not be found ", 5000)));
        var key = AesKey.From(_directory.Random.Bytes(16));
        await PutAsync(Grid, content, EncryptionKeyChoice.Given(key));
        using var keys = TestKeys.Take();
        var write = keys.ToWriteCap();
        await Grid.CreateMutableAsync(keys, content, default);
        await Grid.PublishMutableAsync(write, 1, content.AsMemory(1), default);

        byte[][] secrets =
        [
            "a sentence that must not"u8.ToArray(),
            key.ToArray(),
            Encoding.ASCII.GetBytes(Base32.Encode(key.ToArray())),
            write.WriteKey.ToArray(),
            write.ToReadCap().ReadKey.ToArray(),
            keys.PrivateKey.Slice(300, 24).ToArray(),
            LeaseSecret(1),
        ];
        _directory.ShareFiles.Count().ShouldBe(2);
        foreach (var path in _directory.Files)
        {
            var bytes = await File.ReadAllBytesAsync(path);
            foreach (var secret in secrets)
            {
                bytes.AsSpan().IndexOf(secret).ShouldBe(-1, path);
            }
        }

    }

    [Fact]
    public async Task ContentOfAnotherSizeThanAnnouncedLeavesNoShare()
    {
        using var content = new MemoryStream(new byte[1000]);
        await Should.ThrowAsync<ArgumentException>(() => Grid.PutImmutableAsync(content, 2000, Key(1), default));
        _directory.ShareFiles.ShouldBeEmpty();
    }

    [Fact]
    public async Task EveryClientThatPutHasALease()
    {
        var content = Content(1000, seed: 1);
        var cap = (ChkCap)await PutAsync(Grid, content, Key(1));
        await PutAsync(OtherClient, content, Key(1));
        _directory.Time.Now += TimeSpan.FromDays(20);
        (await OtherClient.RenewLeaseAsync(cap.StorageIndex, default)).ShouldBeTrue();
        _directory.Time.Now += TimeSpan.FromDays(20);
        var server = await _directory.OpenAsync();
        (await server.DeleteUnleasedAsync(cap.StorageIndex, null, default)).Outcome.ShouldBe(ReclaimOutcome.Leased);
        _directory.Time.Now += TimeSpan.FromDays(20);
        (await server.DeleteUnleasedAsync(cap.StorageIndex, null, default)).Outcome.ShouldBe(ReclaimOutcome.Deleted);
    }

    [Fact]
    public void ServersAreOrderedByTheHashOfTheirSeed()
    {
        // The worked value of the specification of hashing, section 8.
        var index = StorageIndex.From(Convert.FromHexString("05ef967b9aca395766c548d09700a18b"));
        ServerPermutation.KeyOf(index, Enumerable.Repeat((byte)'S', 32).ToArray()).ShouldBe("71d445a795ca867b971abe8faf5bbc5bbd5d322e");
    }

    private static byte[] LeaseSecret(byte client) => Enumerable.Repeat(client, 32).ToArray();

    private static string Node(JsonDocument manifest, string node, string property) =>
        manifest.RootElement.GetProperty("nodes").GetProperty(node).GetProperty(property).GetString()!;

    private static JsonDocument Manifest() => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Fixtures.OneOfOne, "manifest.json")));

    private TahoeGrid Client(DirectoryShareServer server, byte number) => new([server], LeaseSecret(number), _directory.Random);
}
