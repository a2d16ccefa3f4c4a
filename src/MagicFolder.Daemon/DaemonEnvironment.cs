using MagicFolder.Daemon.Configuration;
using MagicFolder.Grid;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Daemon;

/// <summary>What a daemon runs on. Time, randomness and storage come from outside.</summary>
public sealed record DaemonEnvironment(ConfigurationDirectory Directory, CurrentConfiguration Settings, TimeProvider Time, IRandomSource Random)
{
    /// <summary>As it is now.</summary>
    public ClientConfiguration Configuration => Settings.Value;

    /// <summary>Opens the storage at a path, with the secret for its leases. One that is not there is never made: it may be on a drive that is not mounted.</summary>
    public required Func<string, ReadOnlyMemory<byte>, CancellationToken, Task<IGrid>> OpenGrid { get; init; }

    /// <summary>What stands at the path of a grid.</summary>
    public required Func<string, GridDescription> DescribeGrid { get; init; }

    /// <summary>Bytes that are the same on two computers exactly if the grid at a path is the same; whether it may be made if there is none yet, for whoever chooses a grid only now.</summary>
    public required Func<string, bool, CancellationToken, Task<byte[]>> IdentifyGrid { get; init; }

    /// <summary>The secret of this user with which equal files become equal caps; made when it is first needed.</summary>
    public required Func<byte[]> Convergence { get; init; }

    public Func<MutableKeys> NewKeys { get; init; } = MutableKeys.Generate;
}

/// <summary>A grid by its path.</summary>
/// <param name="Kind"><c>directory</c> or <c>grid-file</c>.</param>
/// <param name="Directories">Of which it consists, real paths: no folder may be in one.</param>
/// <param name="Connected">In how many of them its shares are: a mount point without its drive is there, and empty.</param>
/// <param name="Happy">On how many servers shares must be for an object to count as stored.</param>
public sealed record GridDescription(string Kind, IReadOnlyList<string> Directories, int Connected, int Happy);
