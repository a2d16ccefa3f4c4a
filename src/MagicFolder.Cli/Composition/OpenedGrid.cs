using System.Collections.Immutable;
using MagicFolder.Cli.Output;
using MagicFolder.Grid;
using MagicFolder.Grid.Servers;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Cli.Composition;

/// <summary>The servers of a grid, and how shares are spread over them.</summary>
/// <param name="Members">All of them, usable or not.</param>
/// <param name="Encoding">As the grid has it.</param>
/// <param name="Unusable">What is wrong with those that cannot be used now, a sentence for each.</param>
internal sealed record OpenedGrid(IReadOnlyList<GridMember> Members, GridEncoding Encoding, ImmutableArray<string> Unusable)
{
    /// <summary>Says which directories the command does without, once, and works with the others.</summary>
    /// <param name="leaseSecret">32 secret bytes of this client.</param>
    /// <param name="immutable">Of immutable files; null for that of packs.</param>
    internal TahoeGrid For(ReadOnlySpan<byte> leaseSecret, ChkParameters? immutable = null)
    {
        DoneWithout.Print(Unusable);
        return new TahoeGrid(Members, Encoding, leaseSecret, SystemRandom.Instance, TimeProvider.System, immutable);
    }
}
