using System.ComponentModel;
using System.Diagnostics;

namespace MagicFolder.Cli.Composition;

/// <summary>How much of the machine this process takes from others.</summary>
internal static class Priority
{
    /// <summary>
    /// Everybody else goes first: nice 19 on Unix, from which Linux derives the priority of reading and writing, too, for schedulers that know it (ioprio_set(2)); the idle class on Windows. On Linux threads have it from the one that
    /// starts them, so this comes before all work.
    /// </summary>
    internal static void Lower()
    {
        try
        {
            using var process = Process.GetCurrentProcess();
            process.PriorityClass = ProcessPriorityClass.Idle;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or PlatformNotSupportedException)
        {
            Console.Error.WriteLine("magic-folder: this system does not let its priority be lowered; it goes on with the usual one.");
        }
    }
}
