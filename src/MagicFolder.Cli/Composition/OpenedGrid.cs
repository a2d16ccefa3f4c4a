using System.Collections.Immutable;
using MagicFolder.Cli.Output;
using MagicFolder.Grid;
using MagicFolder.Grid.Servers;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Cli.Composition;

/// <summary>The servers of a grid, and how shares are spread over them.</summary>
/// <param name="Members">All of them, usable or not.</param>
/// <param name="Encoding">As the grid has it.</param>
/// <param name="Unusable">Those that could not be used when it was opened, by name, and why.</param>
internal sealed record OpenedGrid(IReadOnlyList<GridMember> Members, GridEncoding Encoding, ImmutableSortedDictionary<string, GridException> Unusable)
{
    /// <summary>Opens all that are not open. Those that fail are servers of the grid all the same, and tried again when they are needed.</summary>
    internal static async Task<ImmutableSortedDictionary<string, GridException>> FindUnusableAsync(IEnumerable<GridMember> members, CancellationToken cancel)
    {
        var unusable = ImmutableSortedDictionary.CreateBuilder<string, GridException>(StringComparer.Ordinal);
        foreach (var member in members)
        {
            try
            {
                await member.OpenAsync(cancel);
            }
            catch (GridException e)
            {
                unusable.Add(member.Name, e);
            }
        }
        return unusable.ToImmutable();
    }

    /// <summary>The same, only as fast as allowed; null for no limit.</summary>
    internal OpenedGrid Limited(RateLimit? upload, RateLimit? download) => upload is null && download is null
        ? this
        : this with { Members = [.. Members.Select(member => member.Behind(server => new LimitedShareServer(server, upload, download)))] };

    /// <summary>Says which directories the command does without, once, and works with the others.</summary>
    /// <param name="leaseSecret">32 secret bytes of this client.</param>
    /// <param name="immutable">Of immutable files; null for that of packs.</param>
    internal TahoeGrid For(ReadOnlySpan<byte> leaseSecret, ChkParameters? immutable = null)
    {
        DoneWithout.Print(Unusable.Values.Select(trouble => trouble.Message));
        return new TahoeGrid(Members, Encoding, leaseSecret, SystemRandom.Instance, TimeProvider.System, immutable);
    }
}
