using MagicFolder.Daemon.Configuration;
using MagicFolder.Sync;

namespace MagicFolder.Daemon.Lifetime;

/// <summary>Held by whoever works with a configuration: its daemon, or what must not be done beside one. Released by the system when the process ends, however it ends.</summary>
internal static class DaemonLock
{
    /// <exception cref="RefusedException">Another process holds it; the message is the one given.</exception>
    internal static FileStream Take(ConfigurationDirectory directory, string refusal)
    {
        try
        {
            return new FileStream(directory.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(directory.LockFile))
        {
            throw new RefusedException(refusal);
        }
    }
}
