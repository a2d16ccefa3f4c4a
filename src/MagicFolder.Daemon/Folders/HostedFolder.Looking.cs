using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.State;
using MagicFolder.Sync;
using MagicFolder.Sync.Viewing;

namespace MagicFolder.Daemon.Folders;

internal sealed partial class HostedFolder
{
    // All of this goes on beside the loop.

    /// <summary>The state as it is now; null when the folder was never opened.</summary>
    internal FolderStanding? ReadStanding()
    {
        try
        {
            using var view = FolderView.Open(Configuration, StateDirectory, Self);
            return FolderStanding.Of(view);
        }
        catch (Exception e) when (e is FolderUnavailableException or StateStorageException or DamagedBytesException)
        {
            return null;
        }
    }

    /// <summary>Something of the state as it is now.</summary>
    /// <exception cref="RefusedException">The folder was never opened, or its state cannot be read.</exception>
    internal T Read<T>(Func<FolderView, T> read)
    {
        try
        {
            using var view = FolderView.Open(Configuration, StateDirectory, Self);
            return read(view);
        }
        catch (Exception e) when (e is FolderUnavailableException or StateStorageException)
        {
            throw NotOpen();
        }
    }

    /// <summary>Something of the state as it is now, and of the grid, which is given by what opens it.</summary>
    /// <exception cref="RefusedException">The folder was never opened, or its state cannot be read.</exception>
    internal async Task<T> LookAsync<T>(Func<FolderView, Func<CancellationToken, Task<IGrid>>, Task<T>> look)
    {
        try
        {
            using var view = FolderView.Open(Configuration, StateDirectory, Self);
            return await look(view, OpenGridAsync);
        }
        catch (Exception e) when (e is FolderUnavailableException or StateStorageException)
        {
            throw NotOpen();
        }
    }

    private RefusedException NotOpen() => new(Trouble ?? $"{Name} is not open yet; try again in a moment.");
}
