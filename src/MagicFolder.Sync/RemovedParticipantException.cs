namespace MagicFolder.Sync;

/// <summary>The admin has ended this participant's part in the folder. Nothing of its directory is published or changed any more.</summary>
public sealed class RemovedParticipantException(string petname, string folder)
    : Exception($"{petname} was removed from {folder} by its admin: nothing is synchronized any more. Its files stay as they are; ask the admin for an invite to take part again.")
{
    public string Petname { get; } = petname;
}
