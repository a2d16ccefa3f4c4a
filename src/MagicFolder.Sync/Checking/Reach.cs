using MagicFolder.Grid;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Sync.Checking;

/// <summary>Tells what is lost from a grid that is away: when it is away, nothing is said about the folder at all.</summary>
internal sealed class Reach(IGrid grid, MutableReadCap collective)
{
    /// <summary>Why something cannot be read, as a clause. What could be read at another time is asked for only after the grid has shown that it is there.</summary>
    /// <exception cref="GridException">The grid cannot be reached now.</exception>
    internal async ValueTask<string> ReasonAsync(Exception trouble, CancellationToken cancel)
    {
        if (trouble is GridException { IsPermanent: false }) await EnsureAsync(cancel);
        return trouble.Message.TrimEnd('.');
    }

    /// <exception cref="GridException">The grid cannot be reached now.</exception>
    internal async ValueTask EnsureAsync(CancellationToken cancel)
    {
        try
        {
            await grid.ReadMutableAsync(collective, cancel);
        }
        catch (GridException e) when (e.IsPermanent)
        {
            // It is there, and damaged.
        }
    }
}
