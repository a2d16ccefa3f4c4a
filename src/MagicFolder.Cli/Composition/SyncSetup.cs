using System.Collections.Immutable;
using MagicFolder.Cli.Output;
using MagicFolder.FileSystem.Marking;
using MagicFolder.Grid;
using MagicFolder.Sync.Folders;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Cli.Composition;

/// <summary>A folder made ready to be synchronized: known or new, with all given directories as participants.</summary>
internal sealed record ReadyFolder(FolderConfiguration Folder, string State, OpenedGrid Opened, IGrid Grid);

/// <summary>From directories on a command line to a folder: finds or founds it, and adds those directories that are new.</summary>
internal static class SyncSetup
{
    internal static async Task<ReadyFolder> PrepareAsync(
        IReadOnlyList<GivenDirectory> directories, string? gridOption, string? stateOption, CancellationToken cancel)
    {
        RefuseOverlaps(directories);
        string? state = FolderPlace.Find(directories, stateOption);
        var known = state is null ? null : FolderConfiguration.Load(state);
        string gridPath = ChooseGrid(known, gridOption);
        var gridDirectories = GridOpening.DirectoriesOf(gridPath);
        foreach (var directory in directories)
        {
            foreach (string gridDirectory in gridDirectories) Places.RefuseOverlap(directory.Path, "the grid", gridDirectory);
            Places.RefuseOverlap(directory.Path, "the state", Places.Real(state ?? stateOption ?? Places.Folders));
        }
        using var keys = new KeysAhead(known is null ? directories.Count + 1 : 0);
        var leaseSecret = known?.LeaseSecret ?? FolderFounding.NewLeaseSecret(SystemRandom.Instance);
        var opened = await GridOpening.OpenAsync(gridPath, mayCreate: known is null, cancel);
        var grid = opened.For(leaseSecret.AsSpan());

        var folder = known ?? await FolderFounding.FoundAsync(NameFor(directories), gridPath, leaseSecret, grid, keys.Next, SystemRandom.Instance, cancel);
        state ??= stateOption is null ? Path.Combine(Places.Folders, folder.Folder.ToString()) : Path.GetFullPath(stateOption);
        if (known is null) PrivateFile.CreateDirectory(state);
        folder = await AddNewcomersAsync(folder, state, directories, grid, keys, cancel);
        return new ReadyFolder(folder with { Participants = Chosen(folder, directories) }, state, opened, grid);
    }

    private static void RefuseOverlaps(IReadOnlyList<GivenDirectory> directories)
    {
        for (int i = 0; i < directories.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (directories[i].Name is { } name && name == directories[j].Name) throw new UsageException($"The name {name} is given twice.");
                if (directories[i].Path == directories[j].Path) throw new UsageException($"{directories[i].Path} is given twice.");
                if (Places.Overlap(directories[i].Path, directories[j].Path))
                    throw new UsageException($"{directories[j].Path} and {directories[i].Path} are inside one another; a magic folder cannot hold another.");
            }
        }
    }

    private static string ChooseGrid(FolderConfiguration? known, string? gridOption)
    {
        string? given = gridOption is null ? null : GridOpening.Resolve(gridOption);
        if (known is null) return given ?? Places.Real(Places.Grid);
        if (given is not null && given != known.Grid)
            throw new CommandException($"This folder is stored in {known.Grid}; leave out --grid, or give a new --state to make another folder.");
        return known.Grid;
    }

    private static string NameFor(IReadOnlyList<GivenDirectory> directories) => directories[0].Name ?? Path.GetFileName(directories[0].Path) ?? "folder";

    private static async Task<FolderConfiguration> AddNewcomersAsync(
        FolderConfiguration folder, string state, IReadOnlyList<GivenDirectory> directories, IGrid grid, KeysAhead keys, CancellationToken cancel)
    {
        var newcomers = new List<(string Name, string Path)>();
        var before = folder;
        foreach (var directory in directories)
        {
            if (folder.Participants.FirstOrDefault(p => p.Path == directory.Path) is { } participant)
            {
                if (directory.Name is not null && directory.Name != participant.Name)
                    throw new UsageException($"{directory.Path} takes part as {participant.Name} already.");
                continue;
            }
            var marker = directory.ReadMarker();
            if (marker is { } moved && folder.Participants.FirstOrDefault(p => p.Name == moved.Participant) is { } owner)
            {
                folder = Move(folder, owner, directory);
                continue;
            }
            Directory.CreateDirectory(directory.Path);
            newcomers.Add((NewName(directory, folder, newcomers), directory.Path));
        }
        if (newcomers.Count > 0) folder = await FolderFounding.AddAsync(folder, newcomers, grid, keys.Next, cancel);
        if (folder != before || !File.Exists(Path.Combine(state, FolderConfiguration.FileName))) folder.Save(state);
        try
        {
            await FolderFounding.ListAsync(folder, grid, cancel);
        }
        catch (GridException e) when (e.Failure is GridFailure.NotFound or GridFailure.Damaged or GridFailure.Denied && FolderFounding.WereListed(folder, state))
        {
            // Each participant goes on with the list that it saw last, and tells of it.
        }
        return folder;
    }

    /// <summary>The directory of a participant was moved. If the old one is still there, this is a copy of it, and two computers must not share one identity.</summary>
    private static FolderConfiguration Move(FolderConfiguration folder, LocalParticipant owner, GivenDirectory directory)
    {
        if (new GivenDirectory(null, owner.Path).ReadMarker() is { } still && still.Folder == folder.Folder)
            throw new CommandException($"{directory.Path} is a copy of {owner.Path}; remove {Path.Combine(directory.Path, ".magic-folder")} to make it a participant of its own.");
        return folder with { Participants = folder.Participants.Replace(owner, owner with { Path = directory.Path }) };
    }

    private static string NewName(GivenDirectory directory, FolderConfiguration folder, List<(string Name, string Path)> newcomers)
    {
        bool IsTaken(string name) => folder.Participants.Any(p => p.Name == name) || newcomers.Exists(n => n.Name == name);
        if (directory.Name is { } given)
            return IsTaken(given) ? throw new UsageException($"The name {given} is taken; give another one.") : given;
        string name = Path.GetFileName(directory.Path) is { Length: > 0 } last ? last : "root";
        string candidate = name;
        for (int i = 2; IsTaken(candidate); i++) candidate = $"{name}-{i}";
        return candidate;
    }

    private static ImmutableArray<LocalParticipant> Chosen(FolderConfiguration folder, IReadOnlyList<GivenDirectory> directories) =>
        [.. directories.Select(directory => folder.Participants.First(p => p.Path == directory.Path))];
}
