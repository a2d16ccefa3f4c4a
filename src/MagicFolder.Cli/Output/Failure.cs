using MagicFolder.Sync;

namespace MagicFolder.Cli.Output;

/// <summary>Wrong use of a command that the parser cannot see; exit status 2.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>A command cannot do what it was asked for; exit status 1. The message says what and what to do.</summary>
internal class CommandException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>The daemon was asked for something, and has a reason not to do it.</summary>
internal sealed class RefusedByDaemonException(string reason) : CommandException(reason);

/// <summary>Whoever asked the daemon to do something did not wait for its answer.</summary>
internal sealed class LeftToDaemonException(OperationCanceledException cause) : OperationCanceledException(cause.Message, cause, cause.CancellationToken);

/// <summary>Runs a command and turns what can go wrong into one line and an exit status.</summary>
internal static class Failure
{
    internal static async Task<int> GuardAsync(Func<Task<int>> command)
    {
        // The parser listens for Ctrl-C and SIGTERM when this first returns; until then they would be lost to a daemon that starts, and end any other command in the middle.
        await Task.Yield();
        try
        {
            return await command();
        }
        catch (UsageException e)
        {
            Report(e.Message);
            return ExitStatus.Usage;
        }
        catch (LeftToDaemonException)
        {
            Report("stopped; the daemon may have done it all the same: see 'magic-folder status'.");
            return ExitStatus.Failed;
        }
        catch (OperationCanceledException)
        {
            Report("stopped; run the same command again to go on.");
            return ExitStatus.Failed;
        }
        catch (Exception e) when (e is CommandException || KnownTrouble.Is(e))
        {
            Report(e.Message);
            return ExitStatus.Failed;
        }
    }

    /// <summary>In one line.</summary>
    internal static void Report(string message) => Console.Error.WriteLine($"magic-folder: {Printable.Text(message.ReplaceLineEndings(" "))}");
}
