using System.Collections.Immutable;
using MagicFolder.Cli.Output;
using MagicFolder.Grid;
using MagicFolder.Grid.Servers;

namespace MagicFolder.Cli.Composition;

/// <summary>Opens the storage that a command works on: a directory, or the directories of a grid file.</summary>
internal static class GridOpening
{
    /// <param name="grid">The grid directory or the grid file, a real path.</param>
    /// <param name="mayCreate">
    /// Make it if there is nothing yet, and nothing of this user's is in it. False where it was made before: a missing directory may be a drive that is not mounted.
    /// </param>
    /// <param name="cancel">Stops waiting for a lock.</param>
    /// <exception cref="GridException">None of its directories can be used.</exception>
    internal static async Task<OpenedGrid> OpenAsync(string grid, bool mayCreate, CancellationToken cancel)
    {
        if (!File.Exists(grid))
        {
            bool isNew = mayCreate && IsNew(grid);
            if (isNew) KnownGrids.RefuseAnother([grid]);
            var server = isNew ? await CreateAsync(grid, cancel) : await OpenServerAsync(grid, cancel);
            return new OpenedGrid([MemberAt(grid, server)], GridEncoding.Single, ImmutableSortedDictionary<string, GridException>.Empty);
        }
        var directories = DirectoriesOf(grid);
        var file = GridFile.Load(grid);
        if (mayCreate && file.Directories.All(IsNew))
        {
            KnownGrids.RefuseAnother(directories);
            foreach (string directory in file.Directories) await CreateAsync(directory, cancel);
        }
        return await OpenAsync(file, cancel);
    }

    /// <summary>What <c>--grid</c> names. URLs are not offered yet, and say so.</summary>
    internal static string Resolve(string grid)
    {
        if (grid.Contains("://", StringComparison.Ordinal)) throw new UsageException("a grid behind a URL is not supported yet; give a directory or a grid file.");
        return Places.Real(grid);
    }

    /// <summary>The directories that a grid consists of, real paths.</summary>
    /// <exception cref="GridException">One counts twice, or the file cannot be read.</exception>
    internal static ImmutableArray<string> DirectoriesOf(string grid)
    {
        if (!File.Exists(grid)) return [grid];
        string[] real = [.. GridFile.Load(grid).Directories.Select(Places.Real)];
        return real.GroupBy(path => path, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new GridException(GridFailure.Misconfigured, $"{grid} names {twice.Key} twice, under two names; each directory counts once.")
            : [.. real];
    }

    /// <exception cref="GridException">None of its directories can be used.</exception>
    private static async Task<OpenedGrid> OpenAsync(GridFile file, CancellationToken cancel)
    {
        GridMember[] members = [.. file.Directories.Select(directory => MemberAt(directory))];
        var unusable = await OpenedGrid.FindUnusableAsync(members, cancel);
        if (unusable.Count < members.Length) return new OpenedGrid(members, file.Encoding, unusable);
        var first = unusable.Values.First();
        throw new GridException(
            first.Failure, $"None of the {members.Length} directories of the grid can be used: {string.Join("; ", unusable.Values.Select(trouble => trouble.Message.TrimEnd('.')))}.", first);
    }

    private static GridMember MemberAt(string directory, DirectoryShareServer? server = null) => new(directory, async stop => await OpenServerAsync(directory, stop), server);

    private static bool IsNew(string directory) => !File.Exists(directory) && (!Directory.Exists(directory) || !Directory.EnumerateFileSystemEntries(directory).Any());

    private static Task<DirectoryShareServer> CreateAsync(string directory, CancellationToken cancel) =>
        DirectoryShareServer.CreateAsync(directory, TimeProvider.System, SystemRandom.Instance, cancel);

    private static Task<DirectoryShareServer> OpenServerAsync(string directory, CancellationToken cancel) =>
        DirectoryShareServer.OpenAsync(directory, TimeProvider.System, SystemRandom.Instance, cancel);
}
