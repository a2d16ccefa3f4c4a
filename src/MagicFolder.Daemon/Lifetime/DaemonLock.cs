using MagicFolder.Daemon.Configuration;
using MagicFolder.Sync;

namespace MagicFolder.Daemon.Lifetime;

/// <summary>Held by whoever works with a configuration: its daemon, or what must not be done beside one. Released by the system when the process ends, however it ends.</summary>
public static class DaemonLock
{
    /// <summary>A command that looks whether it is held keeps it from being taken, for an instant.</summary>
    private const int Tries = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Whether somebody holds it. If not, no daemon runs, whatever the address that one left behind when it was killed: anybody may listen there by now, other users of the computer too.
    /// </summary>
    public static bool IsHeld(ConfigurationDirectory directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        try
        {
            // Shared, so that two who look do not take one another for a daemon.
            using var look = new FileStream(directory.LockFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return false;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Takes it, and removes what a daemon left that was killed.</summary>
    /// <exception cref="RefusedException">Another process holds it; the message is the one given.</exception>
    internal static async Task<FileStream> TakeAsync(ConfigurationDirectory directory, string refusal, TimeProvider time, CancellationToken cancel)
    {
        var taken = await TakeOrWaitAsync(directory, refusal, time, cancel);
        try
        {
            RemoveAddress(directory);
            return taken;
        }
        catch
        {
            await taken.DisposeAsync();
            throw;
        }
    }

    /// <summary>Where the daemon listens, and its token.</summary>
    internal static void RemoveAddress(ConfigurationDirectory directory)
    {
        File.Delete(directory.EndpointFile);
        File.Delete(directory.TokenFile);
    }

    private static async Task<FileStream> TakeOrWaitAsync(ConfigurationDirectory directory, string refusal, TimeProvider time, CancellationToken cancel)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        for (int left = Tries; ; left--)
        {
            try
            {
                return new FileStream(directory.LockFile, options);
            }
            catch (IOException) when (File.Exists(directory.LockFile))
            {
                if (left == 1) throw new RefusedException(refusal);
            }
            await Task.Delay(Pause, time, cancel);
        }
    }
}
