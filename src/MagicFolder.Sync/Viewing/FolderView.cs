using MagicFolder.Model;
using MagicFolder.Model.Snapshots;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;
using MagicFolder.Snapshots.Heads;
using MagicFolder.State;
using MagicFolder.Sync.Folders;

namespace MagicFolder.Sync.Viewing;

/// <summary>
/// A participant's folder as its state tells it, for reports. Reads only, and may be open while a watch works with the same state. One thread at a time.
/// </summary>
public sealed class FolderView : IDisposable
{
    private readonly bool _ownsState;

    private FolderView(FolderConfiguration folder, LocalParticipant participant, ParticipantDatabase state, bool ownsState)
    {
        Folder = folder;
        Participant = participant;
        State = state;
        _ownsState = ownsState;
        Petnames = Petnames.From(state, folder);
        bool isReadOnly = state.Collective.Read() is { } seen
            && Collective.Decode(seen.Content).Participants.Any(other => other.Petname == participant.Name && other.Role == ParticipantRole.ReadOnly);
        Yielding = isReadOnly ? state.Identity.Read()?.Actor : null;
    }

    public FolderConfiguration Folder { get; }

    /// <summary>Whose view it is.</summary>
    public LocalParticipant Participant { get; }

    public ParticipantDatabase State { get; }

    public Petnames Petnames { get; }

    /// <summary>Its own actor, if it only reads: its versions stay here, and give way to those of others.</summary>
    public ActorId? Yielding { get; }

    /// <exception cref="FolderUnavailableException">This participant has never been synchronized.</exception>
    /// <exception cref="StateStorageException">The state cannot be read.</exception>
    /// <exception cref="DamagedBytesException">It is damaged, or of a newer format.</exception>
    public static FolderView Open(FolderConfiguration folder, string stateDirectory, LocalParticipant participant)
    {
        string file = FolderConfiguration.DatabaseFile(stateDirectory, participant.Name);
        if (!File.Exists(file)) throw NothingYet(participant);
        var state = ParticipantDatabase.OpenForReading(file);
        try
        {
            if (state.Versions.Read() is null) throw NothingYet(participant);
            return new FolderView(folder, participant, state, ownsState: true);
        }
        catch
        {
            state.Dispose();
            throw;
        }
    }

    /// <summary>The view of a participant whose state is open for work already, and stays so.</summary>
    internal static FolderView Over(FolderConfiguration folder, LocalParticipant participant, ParticipantDatabase state) =>
        new(folder, participant, state, ownsState: false);

    /// <summary>The current versions of all paths.</summary>
    internal Dmt Tree() => Dmt.Open(State.Nodes, State.Versions.Read()!.Root);

    public void Dispose()
    {
        if (_ownsState) State.Dispose();
    }

    private static FolderUnavailableException NothingYet(LocalParticipant participant) =>
        new($"Nothing has been synchronized for {participant.Name} yet; 'magic-folder sync', or the daemon ('magic-folder run'), does that.");
}
