using MagicFolder.Daemon.Configuration;
using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Marking;
using MagicFolder.FileSystem.Names;
using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Sync;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Inviting;
using Microsoft.Extensions.Logging;

namespace MagicFolder.Daemon.Folders;

/// <summary>All folders of a configuration. Safe for concurrent use.</summary>
internal sealed class FolderHost(DaemonEnvironment environment, EventHub events, ILoggerFactory logs) : IAsyncDisposable
{
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly ILogger _log = logs.CreateLogger("MagicFolder");
    private volatile IReadOnlyList<HostedFolder> _folders = [];
    private volatile IReadOnlyList<HostedJoin> _joins = [];

    /// <summary>By name.</summary>
    internal IReadOnlyList<HostedFolder> All => _folders;

    /// <summary>Folders that this computer is about to join, or could not.</summary>
    internal IReadOnlyList<HostedJoin> Joins => _joins;

    /// <summary>Folders whose configuration cannot be read, or whose name is taken.</summary>
    internal IReadOnlyList<UnhostedFolder> Unhosted { get; private set; } = [];

    internal EventHub Events => events;

    internal DaemonEnvironment Environment => environment;

    /// <exception cref="RefusedException">There is none of that name.</exception>
    internal HostedFolder Find(string name) => _folders.FirstOrDefault(folder => folder.Name == name)
        ?? throw new RefusedException($"There is no folder {name} here; 'magic-folder list' shows what there is.");

    /// <summary>Opens what is there.</summary>
    internal async Task StartAsync()
    {
        var unhosted = new List<UnhostedFolder>();
        PrivateFile.CreateDirectory(environment.Directory.Folders);
        foreach (string state in Directory.EnumerateDirectories(environment.Directory.Folders).Order(StringComparer.Ordinal))
        {
            try
            {
                if (File.Exists(Path.Combine(state, FolderConfiguration.FileName)))
                {
                    // It was joined, and the process ended just then.
                    PendingJoin.Remove(state);
                    var folder = FolderConfiguration.Load(state);
                    if (_folders.FirstOrDefault(other => other.Name == folder.Name) is { } former)
                        unhosted.Add(new UnhostedFolder(state, $"There is another folder {folder.Name}, in {former.StateDirectory}. Leave that one, or move {state} away, and start the daemon anew."));
                    else await HostAsync(folder, state);
                }
                else if (PendingJoin.Find(state) is { } join) Host(join, state);
            }
            catch (Exception e) when (e is DamagedBytesException or IOException or UnauthorizedAccessException)
            {
                unhosted.Add(new UnhostedFolder(state, $"{e.Message.TrimEnd('.')}. The other folders go on."));
            }
        }
        Unhosted = unhosted;
    }

    /// <summary>Makes a folder of which this computer is the admin.</summary>
    /// <exception cref="RefusedException">It cannot be made so; the message says why.</exception>
    internal async Task<HostedFolder> AddAsync(string name, string author, string directory, CancellationToken cancel)
    {
        await _changing.WaitAsync(cancel);
        try
        {
            string path = CheckNew(name, author, directory);
            var leaseSecret = FolderFounding.NewLeaseSecret(environment.Random);
            string gridPath = environment.Configuration.Grid;
            var grid = await environment.OpenGrid(gridPath, leaseSecret.AsMemory(), cancel);
            var folder = await FolderFounding.FoundAsync(name, gridPath, leaseSecret, grid, environment.NewKeys, environment.Random, cancel);
            folder = await FolderFounding.AddAsync(folder, [(author, path)], grid, environment.NewKeys, cancel);
            string state = Path.Combine(environment.Directory.Folders, folder.Folder.ToString());
            await DropJoinsAsync(join => join.Name == name);
            PrivateFile.CreateDirectory(state);
            folder.Save(state);
            string? trouble = null;
            try
            {
                await FolderFounding.ListAsync(folder, grid, cancel);
            }
            catch (Exception e) when (e is GridException or OperationCanceledException)
            {
                // It is here all the same now, and listed when it is opened. Whoever went away is not told.
                trouble = (e as GridException)?.Message;
            }
            var hosted = await HostAsync(folder, state, trouble);
            events.FolderAdded(name);
            return hosted;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Answers an invite. The folder is there when the admin's computer has replied; the two need not be on at the same time.</summary>
    /// <returns>The folder's name, this computer's name in it, and what both sides may compare.</returns>
    /// <exception cref="RefusedException">The code is of no use, or the directory not fit.</exception>
    internal async Task<(HostedJoin Join, string Fingerprint)> JoinAsync(string codeText, string? author, string? name, string directory, CancellationToken cancel)
    {
        var code = InviteCode.Parse(codeText);
        if (author is not null && author != code.Petname)
            throw new RefusedException($"The code is for somebody called {code.Petname} in {code.FolderName}; leave out --author, or ask the admin for a code for {author}.");
        await _changing.WaitAsync(cancel);
        try
        {
            string state = Path.Combine(environment.Directory.Folders, code.Folder.ToString());
            if (_joins.FirstOrDefault(join => join.StateDirectory == state) is { IsOver: false } former) throw new RefusedException($"{former.Name} is being joined already; 'magic-folder status' shows how far it is.");
            string path = CheckNew(name ?? code.FolderName, code.Petname, directory);
            string gridPath = environment.Configuration.Grid;
            byte[] identity = await environment.IdentifyGrid(gridPath, false, cancel);
            var leaseSecret = FolderFounding.NewLeaseSecret(environment.Random);
            var grid = await environment.OpenGrid(gridPath, leaseSecret.AsMemory(), cancel);
            await DropJoinsAsync(join => join.Name == (name ?? code.FolderName) || join.StateDirectory == state);
            PrivateFile.CreateDirectory(state);
            var joiner = new Joiner(state, grid, environment.NewKeys, environment.Random, environment.Time);
            var begun = joiner.Begin(code, identity, gridPath, path, leaseSecret, name);
            try
            {
                var answered = await joiner.AnswerAsync(cancel);
                return (Host(answered, state), answered.Fingerprint!);
            }
            catch when (PendingJoin.Find(state) is not null)
            {
                // Whatever it was, the answer may be there all the same: it is tried again until it surely is, and can be given up until then.
                Host(begun, state);
                throw;
            }
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>
    /// Ends this computer's part in a folder, or its joining it. Its files stay; the state, with the keys, is put aside and not deleted, for nobody can make them again.
    /// </summary>
    /// <returns>Where the state is now.</returns>
    /// <exception cref="RefusedException">There is none of that name.</exception>
    internal async Task<string> LeaveAsync(string name, CancellationToken cancel)
    {
        await _changing.WaitAsync(cancel);
        try
        {
            string aside = _joins.FirstOrDefault(join => join.Name == name) is { } join ? await LeaveAsync(join) : await LeaveAsync(Find(name));
            events.FolderLeft(name);
            return aside;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Changes a setting. All but the port count at once: the folders begin anew.</summary>
    /// <param name="key">One of <see cref="ClientConfiguration.NumberKeys"/>.</param>
    /// <param name="value">What it is to be.</param>
    /// <param name="cancel">Stops waiting for folders that are busy; they keep the former settings until they begin anew.</param>
    /// <exception cref="DamagedBytesException">It cannot be that; the message says what it takes.</exception>
    internal async Task ConfigureAsync(string key, long value, CancellationToken cancel)
    {
        var former = environment.Configuration;
        environment.Settings.Change(environment.Directory, key, value);
        // What waits does so by the former intervals, and a grid that is open has the former limits.
        if (environment.Configuration with { Port = former.Port, GcDays = former.GcDays } != former) await Task.WhenAll(_folders.Select(folder => folder.ReopenAsync(cancel)));
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_joins.Select(join => join.DisposeAsync().AsTask()));
        await Task.WhenAll(_folders.Select(folder => folder.DisposeAsync().AsTask()));
        _changing.Dispose();
    }

    private async Task<string> LeaveAsync(HostedFolder folder)
    {
        await folder.DisposeAsync();
        _folders = [.. _folders.Where(other => other != folder)];
        string aside = PutAside(folder.StateDirectory);
        RemoveMarker(folder);
        return aside;
    }

    private async Task<string> LeaveAsync(HostedJoin join)
    {
        await join.DisposeAsync();
        _joins = [.. _joins.Where(other => other != join)];
        return PutAside(join.StateDirectory);
    }

    /// <summary>Those that are over, when something else takes their place: a name means one thing.</summary>
    private async Task DropJoinsAsync(Func<HostedJoin, bool> isMeant)
    {
        foreach (var join in _joins.Where(join => join.IsOver && isMeant(join))) await LeaveAsync(join);
    }

    private string PutAside(string state)
    {
        string left = Path.Combine(environment.Directory.Path, "left");
        string aside = Path.Combine(left, Path.GetFileName(state));
        for (int i = 2; Directory.Exists(aside); i++) aside = Path.Combine(left, $"{Path.GetFileName(state)}-{i}");
        PrivateFile.CreateDirectory(left);
        Directory.Move(state, aside);
        return aside;
    }

    private HostedJoin Host(PendingJoin join, string state)
    {
        var hosted = new HostedJoin(join, state, environment, JoinedAsync, events, _log);
        _joins = [.. _joins.Append(hosted)];
        hosted.Start();
        return hosted;
    }

    private async Task JoinedAsync(HostedJoin join, FolderConfiguration folder, CancellationToken cancel)
    {
        // Whoever ends the join holds this, and waits for it.
        await _changing.WaitAsync(cancel);
        try
        {
            if (_folders.Any(other => other.Name == folder.Name))
                throw new RefusedException($"There is a folder {folder.Name} here already, so this one was not joined; ask its admin for a new code, and give another name with --name.");
            // In this order, so that it is always to be seen.
            await HostAsync(folder, join.StateDirectory);
            _joins = [.. _joins.Where(other => other != join)];
            events.FolderAdded(folder.Name);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <param name="folder">Which.</param>
    /// <param name="state">Its state directory.</param>
    /// <param name="trouble">What stands against it for now, until it is opened; null for nothing.</param>
    private async Task<HostedFolder> HostAsync(FolderConfiguration folder, string state, string? trouble = null)
    {
        var hosted = new HostedFolder(folder, state, environment, events, _log);
        if (trouble is not null) hosted.NoteTrouble(trouble);
        _folders = [.. _folders.Append(hosted).OrderBy(other => other.Name, StringComparer.Ordinal)];
        await hosted.StartAsync();
        return hosted;
    }

    /// <summary>The real path of the directory, which is there afterwards.</summary>
    private string CheckNew(string name, string author, string directory)
    {
        if (_folders.Any(folder => folder.Name == name) || _joins.Any(join => join.Name == name && !join.IsOver))
            throw new RefusedException($"There is a folder {name} already; give another name with --name, or leave that one first.");
        RequireName(name, "A folder's name");
        RequireName(author, "The name of the author");
        if (!Path.IsPathFullyQualified(directory)) throw new RefusedException($"{directory} is no absolute path.");
        if (File.Exists(directory)) throw new RefusedException($"{directory} is a file, not a directory.");
        string path = RealPaths.Of(directory);
        foreach (var other in _folders)
            if (RealPaths.Overlap(path, other.Self.Path)) throw new RefusedException($"{path} and {other.Self.Path} ({other.Name}) are inside one another; a magic folder cannot hold another.");
        foreach (string place in environment.DescribeGrid(environment.Configuration.Grid).Directories.Append(RealPaths.Of(environment.Directory.Path)))
            if (RealPaths.Overlap(path, place)) throw new RefusedException($"{path} and {place}, which holds the grid or the configuration, are inside one another; choose another directory.");
        Directory.CreateDirectory(path);
        using var disk = LocalDisk.Open(path);
        if (new MarkerFile(disk).Read() is { } marker)
            throw new RefusedException($"{path} belongs to a magic folder already (as {marker.Participant}); leave that first, or remove {Path.Combine(path, ".magic-folder")} to start anew with these files.");
        return path;
    }

    private static void RequireName(string name, string what)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Any(char.IsControl) || System.Text.Encoding.UTF8.GetByteCount(name) > 256)
            throw new RefusedException($"{what} has 1 to 256 bytes and no control characters.");
    }

    /// <summary>So that the directory may take part in another folder. A directory that is away keeps its marker.</summary>
    private static void RemoveMarker(HostedFolder folder)
    {
        try
        {
            using var disk = LocalDisk.Open(folder.Self.Path);
            if (new MarkerFile(disk).Read() is { } marker && marker.Folder == folder.Configuration.Folder) disk.Remove(MarkerFile.Path);
        }
        catch (Exception e) when (e is DiskException or DamagedBytesException)
        {
            // It is not there, or not ours.
        }
    }
}
