using MagicFolder.Cli.Output;
using MagicFolder.State;
using MagicFolder.Sync;
using MagicFolder.Sync.Folders;

namespace MagicFolder.Cli.Composition;

/// <summary>A folder opened with all its participants, for a command that changes something for one of them.</summary>
internal sealed record ActingSession(FolderSession Session, SessionParticipant Participant) : IAsyncDisposable
{
    /// <param name="chosen">Which folder, and who acts.</param>
    /// <param name="alternative">What to do instead while a watch works with the folder, as a clause.</param>
    /// <param name="cancel">Stops opening.</param>
    internal static async Task<ActingSession> OpenAsync(ChosenFolder chosen, string alternative, CancellationToken cancel)
    {
        var grid = await chosen.OpenGridAsync(cancel);
        try
        {
            var session = await FolderSession.OpenAsync(
                chosen.Folder, chosen.State, new SessionEnvironment(grid, TimeProvider.System, SystemRandom.Instance, new EngineOptions()), cancel);
            return new ActingSession(session, session.Participants.First(p => p.Name == chosen.Participant.Name));
        }
        catch (StateInUseException)
        {
            throw new CommandException($"Another magic-folder command works with this folder (a watch, or the daemon?); stop it first ('magic-folder pause' for the daemon), or {alternative}.");
        }
    }

    /// <summary>Reports the participants that could not go on; true if there are any.</summary>
    internal bool ReportStopped()
    {
        var stopped = Session.Participants.Where(p => p.IsStopped).ToArray();
        foreach (var participant in stopped) Console.Error.WriteLine($"{participant.Name}: {participant.StopReason}");
        return stopped.Length > 0;
    }

    public ValueTask DisposeAsync() => Session.DisposeAsync();
}
