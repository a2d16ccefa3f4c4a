using MagicFolder.Cli.Output;
using MagicFolder.Grid;
using MagicFolder.Grid.Servers;

namespace MagicFolder.Cli.Composition;

/// <summary>Opens the storage that a command works on. So far that is one directory on this computer.</summary>
internal static class GridOpening
{
    /// <param name="directory">The grid directory, a real path.</param>
    /// <param name="leaseSecret">32 secret bytes of this client.</param>
    /// <param name="mayCreate">Make it if there is nothing yet. False for a folder that has data in it: a missing directory may be a drive that is not mounted.</param>
    /// <param name="cancel">Stops waiting for a lock.</param>
    internal static async Task<IGrid> OpenAsync(string directory, ReadOnlyMemory<byte> leaseSecret, bool mayCreate, CancellationToken cancel)
    {
        bool isNew = mayCreate && (!Directory.Exists(directory) || !Directory.EnumerateFileSystemEntries(directory).Any());
        var server = isNew
            ? await DirectoryShareServer.CreateAsync(directory, TimeProvider.System, SystemRandom.Instance, cancel)
            : await DirectoryShareServer.OpenAsync(directory, TimeProvider.System, SystemRandom.Instance, cancel);
        return new TahoeGrid([server], leaseSecret.Span, SystemRandom.Instance);
    }

    /// <summary>The directory that <c>--grid</c> names. URLs and server lists are not offered yet, and say so.</summary>
    internal static string Resolve(string grid)
    {
        if (grid.Contains("://", StringComparison.Ordinal)) throw new UsageException("a grid behind a URL is not supported yet; give a directory.");
        if (File.Exists(grid)) throw new UsageException($"{grid} is a file; a grid of several servers is not supported yet; give a directory.");
        return Places.Real(grid);
    }
}
