using MagicFolder.Grid;

namespace MagicFolder.Sync.Checking;

/// <summary>An object of the grid as a check has found it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Participant">Whose Personal; null for what belongs to nobody alone.</param>
/// <param name="Name">Its storage index, which is no secret.</param>
/// <param name="Before">What was found.</param>
/// <param name="After">What is there after a repair; null if there was none.</param>
/// <param name="Trouble">Why it was not repaired although it should have been, as a clause; null when it was, or nobody asked for it.</param>
/// <param name="IsNeeded">False for a pack of which too little is left, but all that is retained of it can be read from others.</param>
public sealed record CheckedObject(StoredKind Kind, string? Participant, string Name, GridCheck Before, GridCheck? After, string? Trouble, bool IsNeeded)
{
    /// <summary>How it is now.</summary>
    public GridCheck Last => After ?? Before;

    /// <summary>A repair has made it healthy.</summary>
    public bool IsRepaired => !Before.IsHealthy && After is { IsHealthy: true };

    /// <summary>It was healthy, and servers that had no share of their own have one now.</summary>
    public bool IsSpread => Before.IsHealthy && After?.Happiness > Before.Happiness;
}
