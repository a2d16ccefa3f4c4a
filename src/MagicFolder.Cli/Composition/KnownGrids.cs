using MagicFolder.Daemon.Configuration;
using MagicFolder.Grid;
using MagicFolder.Sync;
using MagicFolder.Sync.Folders;

namespace MagicFolder.Cli.Composition;

/// <summary>The grids that this user has already. One of them that is not there is away, like a drive that is not mounted, and must not be made anew on its mount point.</summary>
internal static class KnownGrids
{
    /// <param name="directories">Of the grid to be made, real paths.</param>
    /// <exception cref="GridException"><see cref="GridFailure.Unavailable"/>: a configuration or a folder of this user, where they are by default, has one of them, alone or in a grid file.</exception>
    internal static void RefuseAnother(IReadOnlyList<string> directories)
    {
        var known = Named(ConfigurationChoice.Of(null)).Distinct().SelectMany(grid => Read(() => GridOpening.DirectoriesOf(grid)) is { IsDefault: false } places ? places : []).ToHashSet(StringComparer.Ordinal);
        string[] missing = [.. directories.Where(known.Contains)];
        if (missing.Length == 0) return;
        bool isOne = missing.Length == 1;
        throw new GridException(
            GridFailure.Unavailable,
            $"The grid is not there: {string.Join(" and ", missing.Select(one => $"'{one}'"))} {(isOne ? "is" : "are")} missing or empty, and this user has things stored in {(isOne ? "it" : "them")}. "
            + $"Connect or mount the drive, or correct the path; for a new grid in {(isOne ? "its" : "their")} place make an empty directory 'shares' in {(isOne ? "it" : "each")}.");
    }

    private static IEnumerable<string> Named(ConfigurationDirectory configuration)
    {
        if (configuration.IsInitialized && Read(() => ClientConfiguration.Load(configuration).Grid) is { } grid) yield return grid;
        foreach (string state in FolderPlace.States(configuration.Folders).Concat(FolderPlace.States(Places.Folders)))
            if (Read(() => FolderConfiguration.Load(state).Grid) is { } other) yield return other;
    }

    /// <summary>What cannot be read is told to whoever needs it.</summary>
    private static T? Read<T>(Func<T> grid)
    {
        try
        {
            return grid();
        }
        catch (Exception e) when (KnownTrouble.Is(e))
        {
            return default;
        }
    }
}
