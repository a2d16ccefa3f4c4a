using System.Collections.Immutable;
using MagicFolder.Cli.Output;
using MagicFolder.Grid;
using MagicFolder.Grid.Servers;

namespace MagicFolder.Cli.Composition;

/// <summary>Opens the storage that a command works on: a directory, or the directories of a grid file.</summary>
internal static class GridOpening
{
    /// <param name="grid">The grid directory or the grid file, a real path.</param>
    /// <param name="leaseSecret">32 secret bytes of this client.</param>
    /// <param name="mayCreate">Make it if there is nothing yet. False for a folder that has data in it: a missing directory may be a drive that is not mounted.</param>
    /// <param name="cancel">Stops waiting for a lock.</param>
    internal static async Task<TahoeGrid> OpenAsync(string grid, ReadOnlyMemory<byte> leaseSecret, bool mayCreate, CancellationToken cancel)
    {
        var (members, encoding) = await OpenMembersAsync(grid, mayCreate, cancel);
        return new TahoeGrid(members, encoding, leaseSecret.Span, SystemRandom.Instance, TimeProvider.System);
    }

    /// <summary>The servers of a grid, and how shares are spread over them.</summary>
    /// <exception cref="CommandException">None of them can be used.</exception>
    internal static async Task<(IReadOnlyList<GridMember> Members, GridEncoding Encoding)> OpenMembersAsync(string grid, bool mayCreate, CancellationToken cancel)
    {
        if (!File.Exists(grid))
        {
            var server = mayCreate && IsNew(grid) ? await CreateAsync(grid, cancel) : await OpenAsync(grid, cancel);
            return ([new GridMember(grid, server)], GridEncoding.Single);
        }
        _ = DirectoriesOf(grid);
        var file = GridFile.Load(grid);
        if (mayCreate && file.Directories.All(IsNew))
        {
            foreach (string directory in file.Directories) await CreateAsync(directory, cancel);
        }
        return (await OpenMembersAsync(file, cancel), file.Encoding);
    }

    /// <summary>What <c>--grid</c> names. URLs are not offered yet, and say so.</summary>
    internal static string Resolve(string grid)
    {
        if (grid.Contains("://", StringComparison.Ordinal)) throw new UsageException("a grid behind a URL is not supported yet; give a directory or a grid file.");
        return Places.Real(grid);
    }

    /// <summary>The directories that a grid consists of, real paths.</summary>
    internal static ImmutableArray<string> DirectoriesOf(string grid)
    {
        if (!File.Exists(grid)) return [grid];
        string[] real = [.. GridFile.Load(grid).Directories.Select(Places.Real)];
        return real.GroupBy(path => path, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new CommandException($"{grid} names {twice.Key} twice, under two names; each directory counts once.")
            : [.. real];
    }

    /// <summary>Directories that cannot be opened are failing servers: the grid goes on without them as long as it can, and tries again when they are needed.</summary>
    private static async Task<IReadOnlyList<GridMember>> OpenMembersAsync(GridFile file, CancellationToken cancel)
    {
        var troubles = new List<string>();
        var members = new List<GridMember>();
        foreach (string directory in file.Directories)
        {
            var member = new GridMember(directory, async stop => await OpenAsync(directory, stop));
            members.Add(member);
            try
            {
                await member.OpenAsync(cancel);
            }
            catch (GridException e)
            {
                troubles.Add(e.Message.TrimEnd('.'));
            }
        }
        if (troubles.Count == members.Count) throw new CommandException($"None of the {members.Count} directories of the grid can be used: {string.Join("; ", troubles)}.");
        foreach (string trouble in troubles) Console.Error.WriteLine($"grid: {trouble}.");
        return members;
    }

    private static bool IsNew(string directory) => !File.Exists(directory) && (!Directory.Exists(directory) || !Directory.EnumerateFileSystemEntries(directory).Any());

    private static Task<DirectoryShareServer> CreateAsync(string directory, CancellationToken cancel) =>
        DirectoryShareServer.CreateAsync(directory, TimeProvider.System, SystemRandom.Instance, cancel);

    private static Task<DirectoryShareServer> OpenAsync(string directory, CancellationToken cancel) =>
        DirectoryShareServer.OpenAsync(directory, TimeProvider.System, SystemRandom.Instance, cancel);
}
