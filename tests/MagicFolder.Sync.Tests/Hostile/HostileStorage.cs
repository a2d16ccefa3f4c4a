using MagicFolder.Grid;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Membership;
using MagicFolder.Sync.Tests.Identity;
using MagicFolder.Sync.Tests.Viewing;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Sync.Tests.Hostile;

/// <summary>Alice and bob are honest and have synchronized. The directory that holds the grid belongs to somebody who does with it what he likes.</summary>
internal sealed class HostileStorage : IDisposable
{
    private readonly Dictionary<string, byte[]> _true = [];
    private int _files;

    private HostileStorage(Cast cast)
    {
        Cast = cast;
        Grid = cast.World.Grid;
    }

    internal Cast Cast { get; }

    internal EmbeddedWorld World => Cast.World;

    /// <summary>What the participants store to.</summary>
    internal IGrid Grid { get; set; }

    internal TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>Do the participants have the right to write the list of them? Those of the world have.</summary>
    internal bool AreAdmins { get; set; } = true;

    private FolderConfiguration Folder => AreAdmins ? World.Folder : World.Folder with { Collective = CollectiveAccess.OfReader(World.Folder.Collective.ReadCap), CollectiveKey = [] };

    private string Shares => Path.Combine(World.GridDirectory, "shares");

    internal static async Task<HostileStorage> StartAsync()
    {
        var storage = new HostileStorage(await Cast.StartAsync("alice", "bob"));
        Directory.CreateDirectory(storage.World.Outside("sentinel"));
        storage.World.Write("outside", "sentinel/secret", "nobody touches this");
        storage.World.Write("alice", "of-alice", "alice's");
        storage.World.Write("bob", "of-bob", "bob's");
        await storage.RunWellAsync("alice", "bob");
        return storage;
    }

    internal Task<FolderSession> OpenAsync(params string[] names) => FolderSession.OpenAsync(
        Folder with { Participants = [.. names.Select(World.Participant)] }, World.StateDirectory,
        new SessionEnvironment(Grid, Time, EmbeddedWorld.Random, new EngineOptions()), TestContext.Current.CancellationToken);

    /// <summary>Brings them to rest one by one, as on computers of their own, and closes them. What must hold after every run: few lines of trouble, no secret, nothing outside touched.</summary>
    internal async Task<string[]> RunAsync(params string[] names)
    {
        await using var session = await OpenAsync(names);
        await session.RunToRestAsync(TestContext.Current.CancellationToken);
        string[] troubles = Cast.Troubles(session);
        troubles.Length.ShouldBeLessThanOrEqualTo(4, string.Join('\n', troubles));
        foreach (string line in troubles)
        {
            line.ShouldNotContain("URI:");
            line.Length.ShouldBeLessThan(2000);
        }
        Directory.EnumerateFileSystemEntries(World.Outside("sentinel")).Select(Path.GetFileName).ShouldBe(["secret"]);
        File.ReadAllText(World.Outside("sentinel/secret")).ShouldBe("nobody touches this");
        return troubles;
    }

    internal async Task RunWellAsync(params string[] names) => (await RunAsync(names)).ShouldBeEmpty();

    /// <summary>New work of both; it must reach the other.</summary>
    internal async Task<string[]> WorkAsync()
    {
        int number = ++_files;
        World.Write("alice", $"work-{number}-of-alice", $"work {number}");
        World.Write("bob", $"work-{number}-of-bob", $"work {number}");
        string[] troubles = await RunAsync("alice", "bob");
        foreach (string who in new[] { "alice", "bob" })
        {
            World.Read(who, $"work-{number}-of-alice").ShouldBe($"work {number}", $"{who}: {string.Join('\n', troubles)}");
            World.Read(who, $"work-{number}-of-bob").ShouldBe($"work {number}", $"{who}: {string.Join('\n', troubles)}");
        }
        return troubles;
    }

    /// <summary>The true bytes are back, and so all is well again, with no conflict and nothing deleted.</summary>
    internal async Task ShouldHealAsync()
    {
        foreach (string share in _true.Keys) Restore(share);
        (await WorkAsync()).ShouldBeEmpty();
        await RunWellAsync("alice", "bob");
        World.Names("bob").ShouldBe(World.Names("alice"));
        World.Names("alice").Where(name => name.Contains("conflict", StringComparison.Ordinal)).ShouldBeEmpty();
        World.Read("bob", "of-alice").ShouldBe("alice's");
        World.Read("alice", "of-bob").ShouldBe("bob's");
    }

    /// <summary>Has one participant store a file of that many bytes that no other has yet. Returns its share.</summary>
    internal async Task<string> StoreAsync(string who, string path, int size)
    {
        string[] before = ImmutableShares();
        byte[] bytes = new byte[size];
        EmbeddedWorld.Random.Fill(bytes);
        File.WriteAllBytes(World.At(who, path), bytes);
        await RunWellAsync(who);
        return ImmutableShares().Except(before).Single(share => new FileInfo(share).Length >= size);
    }

    internal string[] ImmutableShares() => [.. Directory.EnumerateFiles(Shares, "0", SearchOption.AllDirectories).Where(share => File.ReadAllBytes(share).AsSpan(0, 3).SequenceEqual(new byte[3]))];

    internal string HeadOf(string name) => ShareOf(Cast.PersonalOf(name).StorageIndex);

    internal string Collective => ShareOf(World.Folder.Collective.ReadCap.StorageIndex);

    internal void Damage(string kind, string share)
    {
        Keep(share);
        ShareDamages.Do(kind, share, Shares);
    }

    /// <summary>Remembers a share as it is now.</summary>
    internal byte[] Keep(string share) => _true[share] = File.ReadAllBytes(share);

    internal void Restore(string share) => Show(share, _true[share]);

    internal static void Show(string share, byte[] bytes)
    {
        ShareDamages.Clear(share);
        Directory.CreateDirectory(Path.GetDirectoryName(share)!);
        File.WriteAllBytes(share, bytes);
    }

    /// <summary>The storage loses everything, for good.</summary>
    internal void Empty()
    {
        Directory.Delete(Shares, recursive: true);
        Directory.CreateDirectory(Shares);
    }

    public void Dispose()
    {
        foreach (string share in _true.Keys) ShareDamages.Clear(share);
        Cast.Dispose();
    }

    private string ShareOf(StorageIndex index) => Path.Combine(Shares, index.ToString()[..2], index.ToString(), "0");
}
