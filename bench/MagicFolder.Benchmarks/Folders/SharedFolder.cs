using MagicFolder.Benchmarks.Counting;
using MagicFolder.FileSystem.Disks;
using MagicFolder.Grid;
using MagicFolder.Grid.Servers;
using MagicFolder.State;
using MagicFolder.Sync;
using MagicFolder.Sync.Folders;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Benchmarks.Folders;

/// <summary>
/// A folder of alice and bob over a grid that is a directory, with states and directories, all real and below one temporary directory. Whoever is opened again has a new
/// state. Nothing is deleted before the end: ext4 makes files slowly for a minute after many were removed.
/// </summary>
internal sealed class SharedFolder : IDisposable
{
    private readonly string _root;
    private readonly EngineOptions _options;
    private readonly Tally? _tally;
    private readonly CountingRandom _random = new();
    private readonly StillTime _time = new();
    private readonly KnownKeys _keys = new();
    private FolderConfiguration _folder = null!;
    private TahoeGrid _grid = null!;
    private int _made;

    private SharedFolder(EngineOptions options, Tally? tally)
    {
        _root = Directory.CreateTempSubdirectory("magic-folder-bench-").FullName;
        _options = options;
        _tally = tally;
    }

    /// <param name="options">Of the engines.</param>
    /// <param name="tally">Counts what is done to disks, states and the grid; null counts nothing.</param>
    internal static async Task<SharedFolder> FoundAsync(EngineOptions options, Tally? tally = null)
    {
        var folder = new SharedFolder(options, tally);
        await folder.FoundAsync();
        return folder;
    }

    internal string NewDirectory() => Directory.CreateDirectory(Path.Combine(_root, $"directory-{_made++}")).FullName;

    /// <summary>Opens a participant at this directory, with a new state.</summary>
    internal async Task<OpenedParticipant> OpenAsync(string name, string directory)
    {
        var participant = _folder.Participants.First(known => known.Name == name);
        var disk = LocalDisk.Open(directory);
        var state = ParticipantDatabase.Open(Path.Combine(_root, $"{name}-{_made++}.db"));
        _tally?.Follow(state);
        return await OpenedParticipant.OpenAsync(new EngineParts
        {
            Folder = _folder.Folder,
            Petname = name,
            Personal = MutableKeys.FromPkcs8(participant.PersonalKey.AsSpan()),
            Collective = _folder.Collective.ReadCap,
            CollectiveWriteCap = _folder.Collective.WriteCap,
            Disk = _tally is null ? disk : new CountingDisk(disk, _tally),
            State = state,
            Grid = _grid,
            Time = _time,
            Random = _random,
            Options = _options,
        });
    }

    /// <summary>Of the states, their logs included, and of the grid.</summary>
    internal (long States, long Grid) BytesStored() => (
        Directory.GetFiles(_root, "*.db*").Sum(file => new FileInfo(file).Length),
        Directory.GetFiles(Path.Combine(_root, "grid"), "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length));

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private async Task FoundAsync()
    {
        string grid = Path.Combine(_root, "grid");
        IShareServer server = await DirectoryShareServer.CreateAsync(grid, _time, _random, CancellationToken.None);
        if (_tally is not null) server = new CountingServer(server, _tally);
        var secret = FolderFounding.NewLeaseSecret(_random);
        _grid = new TahoeGrid([server], secret.AsSpan(), _random);
        var folder = await FolderFounding.FoundAsync("folder", grid, secret, _grid, _keys.Next, _random, CancellationToken.None);
        _folder = await FolderFounding.AddAsync(folder, [("alice", _root), ("bob", _root)], _grid, _keys.Next, CancellationToken.None);
        await FolderFounding.ListAsync(_folder, _grid, CancellationToken.None);
    }
}
