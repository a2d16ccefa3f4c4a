using System.Text;
using MagicFolder.Daemon;
using MagicFolder.Daemon.Configuration;
using MagicFolder.Grid;
using MagicFolder.Grid.Servers;

namespace MagicFolder.Cli.Composition;

/// <summary>What a daemon works with on this computer.</summary>
internal static class DaemonComposition
{
    /// <summary>All its folders share the limits.</summary>
    internal static DaemonEnvironment Of(ConfigurationDirectory directory, ClientConfiguration configuration)
    {
        var current = new CurrentConfiguration(configuration);
        var (upload, download) = (new SharedLimit(), new SharedLimit());
        return new DaemonEnvironment(directory, current, TimeProvider.System, SystemRandom.Instance)
        {
            OpenGrid = async (grid, leaseSecret, stop) => (await GridOpening.OpenAsync(grid, mayCreate: false, stop))
                .Limited(upload.At(current.Value.UploadBytesPerSecond), download.At(current.Value.DownloadBytesPerSecond)).For(leaseSecret.Span),
            DescribeGrid = Describe,
            IdentifyGrid = IdentifyAsync,
            Convergence = ClientSecrets.Convergence,
        };
    }

    /// <summary>By the identities of its servers, whatever they are called here and in whatever order.</summary>
    private static async Task<byte[]> IdentifyAsync(string grid, bool mayCreate, CancellationToken cancel)
    {
        var members = (await GridOpening.OpenAsync(grid, mayCreate, cancel)).Members;
        var identities = new List<string>();
        foreach (var member in members) identities.Add((await member.OpenAsync(cancel)).Identity.ToString());
        return Encoding.ASCII.GetBytes(string.Join('\n', identities.Order(StringComparer.Ordinal)));
    }

    private static GridDescription Describe(string grid)
    {
        var directories = GridOpening.DirectoriesOf(grid);
        int connected = directories.Count(DirectoryShareServer.IsAt);
        return File.Exists(grid)
            ? new GridDescription("grid-file", directories, connected, GridFile.Load(grid).Encoding.Happy)
            : new GridDescription("directory", directories, connected, 1);
    }
}
