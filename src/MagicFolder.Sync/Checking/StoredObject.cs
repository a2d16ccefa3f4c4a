using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Sync.Checking;

/// <summary>What an object of the grid is to the folder.</summary>
public enum StoredKind
{
    /// <summary>The list of participants.</summary>
    Collective,

    /// <summary>The head of one participant.</summary>
    Personal,

    /// <summary>Contents, trees and snapshots.</summary>
    Pack,
}

/// <summary>An object of the grid that the folder refers to. Its caps are secrets.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Participant">Whose Personal; null for what belongs to nobody alone.</param>
/// <param name="Cap">Enough to look at it.</param>
/// <param name="RepairCap">Enough to repair it; null when only somebody else has that.</param>
internal sealed record StoredObject(StoredKind Kind, string? Participant, Cap Cap, Cap? RepairCap)
{
    /// <summary>Redacted.</summary>
    public override string ToString() => $"{Kind} {Participant}";
}
