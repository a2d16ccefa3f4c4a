using System.Collections.Immutable;
using MagicFolder.Grid;
using MagicFolder.Grid.Servers;
using MagicFolder.Sync.Checking;
using MagicFolder.Sync.Collecting;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Tests.Guarding;
using MagicFolder.Sync.Tests.Viewing;
using MagicFolder.Sync.Viewing;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Sync.Tests.Collecting;

/// <summary>Alice and bob on a computer each, with states and leases of their own, over one grid directory, at a time that tests set.</summary>
internal sealed class TwoComputers : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("magic-folder-gc-").FullName;
    private readonly Dictionary<string, FolderConfiguration> _folders = [];
    private DirectoryShareServer _server = null!;

    internal SettableTime Time { get; } = new() { Now = DateTimeOffset.UtcNow.AddMinutes(1) };

    internal string GridDirectory => Path.Combine(_root, "grid");

    internal static async Task<TwoComputers> StartAsync()
    {
        var world = new TwoComputers();
        var cancel = TestContext.Current.CancellationToken;
        world._server = await DirectoryShareServer.CreateAsync(world.GridDirectory, world.Time, EmbeddedWorld.Random, cancel);
        var secret = FolderFounding.NewLeaseSecret(EmbeddedWorld.Random);
        var grid = world.GridWith(secret);
        var keys = new KnownKeys();
        var folder = await FolderFounding.FoundAsync("folder", world.GridDirectory, secret, grid, keys.Next, EmbeddedWorld.Random, cancel);
        foreach (string name in (string[])["alice", "bob"]) Directory.CreateDirectory(world.At(name, ""));
        folder = await FolderFounding.AddAsync(folder, [("alice", world.At("alice", "")), ("bob", world.At("bob", ""))], grid, keys.Next, cancel);
        await FolderFounding.ListAsync(folder, grid, cancel);
        foreach (var participant in folder.Participants)
        {
            Directory.CreateDirectory(world.StateOf(participant.Name));
            // Without the key of the list of participants nobody writes it again that a test takes away.
            world._folders.Add(participant.Name, folder with { CollectiveKey = [], Participants = [participant], LeaseSecret = FolderFounding.NewLeaseSecret(EmbeddedWorld.Random) });
        }
        return world;
    }

    internal string At(string name, string path) => Path.TrimEndingDirectorySeparator(Path.Combine(_root, name, path));

    internal string StateOf(string name) => Path.Combine(_root, "state-" + name);

    internal FolderConfiguration FolderOf(string name) => _folders[name];

    internal void Write(string name, string path, string text) => File.WriteAllText(At(name, path), text);

    internal string? Read(string name, string path) => File.Exists(At(name, path)) ? File.ReadAllText(At(name, path)) : null;

    internal Task<FolderSession> OpenAsync(string name, IGrid? grid = null) => FolderSession.OpenAsync(
        FolderOf(name), StateOf(name), new SessionEnvironment(grid ?? GridWith(FolderOf(name).LeaseSecret), Time, EmbeddedWorld.Random, new EngineOptions()), TestContext.Current.CancellationToken);

    /// <summary>Each computer by itself, one after another.</summary>
    internal async Task SyncAsync(params string[] names)
    {
        foreach (string name in names)
        {
            await using var session = await OpenAsync(name);
            await session.RunToRestAsync(TestContext.Current.CancellationToken);
            session.Participants[0].StopReason.ShouldBeNull();
        }
    }

    /// <summary>The program dies when its next head is sealed, before that is on the storage.</summary>
    internal async Task SyncAndDieAsync(string name)
    {
        var grid = new Inviting.FailingGrid(GridWith(FolderOf(name).LeaseSecret)) { BeforePublish = () => throw new GridException(GridFailure.Unavailable, "It died.") };
        await using var session = await OpenAsync(name, grid);
        await Should.ThrowAsync<GridException>(() => session.RunToRestAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Changes a file many times, so that retention lets go of most of the versions.</summary>
    internal async Task ChangeOftenAsync(string name, string path, int times = 40)
    {
        for (int i = 0; i < times; i++)
        {
            Write(name, path, $"{i} {new string('x', i)}");
            Time.Now += TimeSpan.FromSeconds(10);
            await SyncAsync(name);
        }
    }

    internal async Task<FolderCollection> CollectAsync(string name, bool pretend = false)
    {
        await using var session = await OpenAsync(name);
        return await new FolderCollector(session).CollectAsync(new HashSet<StorageIndex>(), pretend, TestContext.Current.CancellationToken);
    }

    internal async Task<FolderCheck> CheckAsync(string name)
    {
        using var view = FolderView.Open(FolderOf(name), StateOf(name), FolderOf(name).Participants[0]);
        var grid = GridWith(FolderOf(name).LeaseSecret);
        return await new FolderChecker(view, grid, grid, Time).CheckAsync(repair: false, TestContext.Current.CancellationToken);
    }

    internal TahoeGrid GridWith(ImmutableArray<byte> secret) => new([_server], secret.AsSpan(), EmbeddedWorld.Random);

    internal long Stored() => Shares().Sum(share => new FileInfo(share).Length);

    internal IEnumerable<string> Shares() => Directory.EnumerateFiles(Path.Combine(GridDirectory, "shares"), "*", SearchOption.AllDirectories);

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
