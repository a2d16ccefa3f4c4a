using MagicFolder.Grid;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Sync.Membership;

/// <summary>Tells what is wrong with one object from a grid that is away: when it is away, nothing is said about the folder at all.</summary>
/// <param name="grid">The grid.</param>
/// <param name="asked">Any of these shows that it is there.</param>
internal sealed class Reach(IGrid grid, params MutableReadCap[] asked)
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
        for (int i = 0; ; i++)
        {
            try
            {
                await grid.ReadMutableAsync(asked[i], cancel);
                return;
            }
            catch (GridException e) when (e.IsPermanent)
            {
                // It is there, and damaged.
                return;
            }
            catch (GridException) when (i + 1 < asked.Length)
            {
                // The disk of the storage may fail at this very one.
            }
        }
    }

    /// <summary>Does the disk of the storage fail at this one object, while the grid is there? What is lost or damaged for good is no question of that.</summary>
    internal async ValueTask<bool> FailsAloneAsync(Exception trouble, CancellationToken cancel)
    {
        if (trouble is not GridException { Failure: GridFailure.Io }) return false;
        try
        {
            await EnsureAsync(cancel);
            return true;
        }
        catch (GridException)
        {
            return false;
        }
    }
}
