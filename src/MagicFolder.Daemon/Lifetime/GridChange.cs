using MagicFolder.FileSystem.Names;
using MagicFolder.Grid;
using MagicFolder.Sync;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Inviting;

namespace MagicFolder.Daemon.Lifetime;

/// <summary>
/// Lets the folders of a configuration go on where their grid is now: a drive that is mounted elsewhere, a directory that was moved or copied. Another grid, which does not have the folders, is
/// refused: publishing them there would part this computer from all others, and leave the history behind.
/// </summary>
public static class GridChange
{
    /// <summary>Nothing is changed unless all folders can go on there. May be repeated after a crash.</summary>
    /// <param name="environment">With the configuration as it was.</param>
    /// <param name="grid">The grid directory or grid file, a real path.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>The names of the folders that go on there.</returns>
    /// <exception cref="RefusedException">The daemon runs, or a folder is not there.</exception>
    /// <exception cref="GridException">The grid cannot be used.</exception>
    public static async Task<IReadOnlyList<string>> ApplyAsync(DaemonEnvironment environment, string grid, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var directory = environment.Directory;
        using var only = await DaemonLock.TakeAsync(directory, "The daemon runs; stop it first, for it works with the grid as it is.", environment.Time, cancel);
        string former = environment.Configuration.Grid;
        string[] states = Directory.Exists(directory.Folders) ? [.. Directory.EnumerateDirectories(directory.Folders).Order(StringComparer.Ordinal)] : [];
        var folders = states.Where(state => File.Exists(Path.Combine(state, FolderConfiguration.FileName)))
            .Select(state => (State: state, Folder: FolderConfiguration.Load(state))).Where(one => one.Folder.Grid == former).ToArray();
        var joins = states.Except(folders.Select(one => one.State), StringComparer.Ordinal)
            .Select(state => (State: state, Join: PendingJoin.Find(state))).Where(one => one.Join?.Grid == former).ToArray();

        bool isInUse = folders.Length + joins.Length > 0;
        RefuseOverlaps(environment, grid, folders.SelectMany(one => one.Folder.Participants.Select(participant => participant.Path)).Concat(joins.Select(one => one.Join!.Path)));
        if (!isInUse) await environment.IdentifyGrid(grid, true, cancel);
        foreach (var (_, folder) in folders) await RequireAsync(environment, folder, grid, cancel);
        foreach (var (state, join) in joins) await RequireAsync(environment, state, join!, grid, cancel);

        foreach (var (state, folder) in folders) (folder with { Grid = grid }).Save(state);
        foreach (var (state, join) in joins) (join! with { Grid = grid }).Save(state);
        (environment.Configuration with { Grid = grid }).Save(directory);
        return [.. folders.Select(one => one.Folder.Name), .. joins.Select(one => one.Join!.Name)];
    }

    private static async Task RequireAsync(DaemonEnvironment environment, FolderConfiguration folder, string grid, CancellationToken cancel)
    {
        var opened = await environment.OpenGrid(grid, folder.LeaseSecret.AsMemory(), cancel);
        try
        {
            await opened.ReadMutableAsync(folder.Collective.ReadCap, cancel);
        }
        catch (GridException e) when (e.Failure == GridFailure.NotFound)
        {
            throw Elsewhere(folder.Name, folder.Grid, grid);
        }
    }

    private static async Task RequireAsync(DaemonEnvironment environment, string state, PendingJoin join, string grid, CancellationToken cancel)
    {
        var opened = await environment.OpenGrid(grid, join.LeaseSecret.AsMemory(), cancel);
        var joiner = new Joiner(state, opened, environment.NewKeys, environment.Random, environment.Time);
        if (!await joiner.IsThereAsync(cancel)) throw Elsewhere(join.Name, join.Grid, grid);
    }

    private static RefusedException Elsewhere(string folder, string former, string grid) => new(
        $"{grid} does not have {folder}, so it is another grid than {former}: the folder's history, and the others who take part, would stay behind. Give the place where the same grid is now, or copy all of "
        + "it there first; for a fresh start on another grid leave the folder and add it there. Nothing was changed.");

    private static void RefuseOverlaps(DaemonEnvironment environment, string grid, IEnumerable<string> paths)
    {
        string[] places = [.. environment.DescribeGrid(grid).Directories];
        foreach (string path in paths.Append(RealPaths.Of(environment.Directory.Path)))
            foreach (string place in places)
                if (RealPaths.Overlap(path, place)) throw new RefusedException($"{place}, which would hold the grid, and {path} are inside one another; choose another place.");
    }
}
