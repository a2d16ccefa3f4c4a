using MagicFolder.State;

namespace MagicFolder.Sync.Folders;

/// <summary>
/// Lets a participant go on whose state is an older copy, is damaged, or was overtaken by a clone: with a new state, as a new actor, which joins what the participant had published and takes the
/// files on the disk for what they are by their content. The former state is kept.
/// </summary>
public static class StateRecovery
{
    /// <summary>To be called while nothing works with the participant. What happens next is done when it is opened.</summary>
    /// <returns>Where the former state is now; null when there was none.</returns>
    /// <exception cref="StateInUseException">Something works with it.</exception>
    /// <exception cref="StateStorageException">It cannot be put aside.</exception>
    public static string? SetStateAside(string stateDirectory, string participant, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        string database = FolderConfiguration.DatabaseFile(stateDirectory, participant);
        if (!File.Exists(database)) return null;
        string directory = Path.Combine(stateDirectory, "former");
        PrivateFile.CreateDirectory(directory);
        string name = $"{Path.GetFileNameWithoutExtension(database)}-{time.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}";
        string aside = Path.Combine(directory, name + ".db");
        for (int i = 2; File.Exists(aside); i++) aside = Path.Combine(directory, $"{name}-{i}.db");
        ParticipantDatabase.SetAside(database, aside);
        return aside;
    }
}
