using MagicFolder.Daemon.Configuration;
using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Sync.Folders;

namespace MagicFolder.Cli.Composition;

/// <summary>The grids that this user has already. One of them that is not there is away, like a drive that is not mounted, and must not be made anew on its mount point.</summary>
internal static class KnownGrids
{
    /// <param name="grid">The grid directory or the grid file, a real path.</param>
    /// <exception cref="GridException"><see cref="GridFailure.Unavailable"/>: a configuration or a folder of this user, where they are by default, has it.</exception>
    internal static void RefuseAnother(string grid)
    {
        var configuration = ConfigurationChoice.Of(null);
        if (!Named(configuration).Contains(grid)) return;
        throw new GridException(
            GridFailure.Unavailable,
            $"The grid is not there: '{grid}' is missing or empty, and this user has things stored in it. Connect or mount the drive it is on, or correct the path; for a new grid in its place make an empty directory 'shares' in it.");
    }

    private static IEnumerable<string> Named(ConfigurationDirectory configuration)
    {
        if (configuration.IsInitialized && Read(() => ClientConfiguration.Load(configuration).Grid) is { } grid) yield return grid;
        foreach (string state in FolderPlace.States(configuration.Folders).Concat(FolderPlace.States(Places.Folders)))
            if (Read(() => FolderConfiguration.Load(state).Grid) is { } other) yield return other;
    }

    /// <summary>What cannot be read is told to whoever needs it.</summary>
    private static string? Read(Func<string> grid)
    {
        try
        {
            return grid();
        }
        catch (Exception e) when (e is DamagedBytesException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
