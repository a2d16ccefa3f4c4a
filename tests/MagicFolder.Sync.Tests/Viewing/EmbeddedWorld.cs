using System.Collections.Immutable;
using System.Security.Cryptography;
using MagicFolder.Grid;
using MagicFolder.Grid.Servers;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Viewing;
using MagicFolder.Tahoe;

namespace MagicFolder.Sync.Tests.Viewing;

/// <summary>Real directories of several participants over a real embedded grid, all below one temporary directory.</summary>
internal sealed class EmbeddedWorld : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("magic-folder-sync-").FullName;

    private EmbeddedWorld()
    {
    }

    public static IRandomSource Random => SecureRandom.Instance;

    public string StateDirectory => Path.Combine(_root, "state");

    public string GridDirectory => Path.Combine(_root, "grid");

    public FolderConfiguration Folder { get; private set; } = null!;

    public IGrid Grid { get; private set; } = null!;

    public static Task<EmbeddedWorld> StartAsync(params string[] names) => StartAsync(async (world, secret) =>
    {
        var server = await DirectoryShareServer.CreateAsync(world.GridDirectory, TimeProvider.System, SecureRandom.Instance, TestContext.Current.CancellationToken);
        return new TahoeGrid([server], secret.AsSpan(), SecureRandom.Instance);
    }, names);

    /// <summary>Over several directories, 0 to n - 1 in that of the grid; each is opened when it is needed.</summary>
    public static Task<EmbeddedWorld> StartSpreadAsync(GridEncoding encoding, params string[] names) => StartAsync(async (world, secret) =>
    {
        var members = new List<GridMember>();
        for (int i = 0; i < encoding.N; i++)
        {
            string directory = Path.Combine(world.GridDirectory, $"{i}");
            await DirectoryShareServer.CreateAsync(directory, TimeProvider.System, SecureRandom.Instance, TestContext.Current.CancellationToken);
            members.Add(new GridMember(directory, async stop => await DirectoryShareServer.OpenAsync(directory, TimeProvider.System, SecureRandom.Instance, stop)));
        }
        return new TahoeGrid(members, encoding, secret.AsSpan(), SecureRandom.Instance, TimeProvider.System);
    }, names);

    private static async Task<EmbeddedWorld> StartAsync(Func<EmbeddedWorld, ImmutableArray<byte>, Task<IGrid>> open, string[] names)
    {
        var world = new EmbeddedWorld();
        var cancel = TestContext.Current.CancellationToken;
        var secret = FolderFounding.NewLeaseSecret(SecureRandom.Instance);
        world.Grid = await open(world, secret);
        var keys = new KnownKeys();
        var folder = await FolderFounding.FoundAsync("folder", world.GridDirectory, secret, world.Grid, keys.Next, SecureRandom.Instance, cancel);
        foreach (string name in names) Directory.CreateDirectory(world.At(name, ""));
        folder = await FolderFounding.AddAsync(folder, [.. names.Select(name => (name, world.At(name, "")))], world.Grid, keys.Next, cancel);
        Directory.CreateDirectory(world.StateDirectory);
        await FolderFounding.ListAsync(folder, world.Grid, cancel);
        world.Folder = folder;
        return world;
    }

    public LocalParticipant Participant(string name) => Folder.Participants.First(p => p.Name == name);

    public string At(string name, string path) => Path.TrimEndingDirectorySeparator(Path.Combine(_root, name, path));

    public string Outside(string path) => Path.Combine(_root, "outside", path);

    public void Write(string name, string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name, path))!);
        File.WriteAllText(At(name, path), text);
    }

    public void Delete(string name, string path) => File.Delete(At(name, path));

    /// <summary>The text of a file; null when there is none.</summary>
    public string? Read(string name, string path) => File.Exists(At(name, path)) ? File.ReadAllText(At(name, path)) : null;

    /// <summary>All files and directories of a participant but the program's own, ascending.</summary>
    public IReadOnlyList<string> Names(string name) =>
        [.. Directory.EnumerateFileSystemEntries(At(name, ""), "*", SearchOption.AllDirectories)
            .Select(entry => Path.GetRelativePath(At(name, ""), entry))
            .Where(entry => !entry.StartsWith(".magic-folder", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    public Task<FolderSession> OpenAsync() => FolderSession.OpenAsync(
        Folder, StateDirectory, new SessionEnvironment(Grid, TimeProvider.System, SecureRandom.Instance, new EngineOptions()), TestContext.Current.CancellationToken);

    /// <summary>Brings all to rest, as the command sync does.</summary>
    public async Task SyncAsync()
    {
        await using var session = await OpenAsync();
        await session.RunToRestAsync(TestContext.Current.CancellationToken);
        foreach (var participant in session.Participants) participant.StopReason.ShouldBeNull();
    }

    public FolderView View(string name) => FolderView.Open(Folder, StateDirectory, Participant(name));

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private sealed class SecureRandom : IRandomSource
    {
        internal static readonly SecureRandom Instance = new();

        public void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
    }
}
