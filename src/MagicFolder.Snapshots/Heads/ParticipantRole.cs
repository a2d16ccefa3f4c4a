namespace MagicFolder.Snapshots.Heads;

/// <summary>What a participant may do. <c>default</c> is no role.</summary>
public enum ParticipantRole
{
    /// <summary>Its snapshots are joined by the others.</summary>
    ReadWrite = 1,

    /// <summary>It follows; nothing that it publishes is joined.</summary>
    ReadOnly = 2,
}
