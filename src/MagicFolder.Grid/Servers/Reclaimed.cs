namespace MagicFolder.Grid.Servers;

/// <summary>What happened to a slot that was to be freed.</summary>
public enum ReclaimOutcome
{
    /// <summary>All its immutable shares are gone.</summary>
    Deleted,

    /// <summary>There was none.</summary>
    NotFound,

    /// <summary>A lease still runs; nothing was deleted.</summary>
    Leased,

    /// <summary>It holds mutable shares; nothing was deleted.</summary>
    Mutable,

    /// <summary>A share could not be understood; nothing was deleted.</summary>
    Damaged,
}

/// <summary>Outcome and bytes freed on disk.</summary>
public readonly record struct Reclaimed(ReclaimOutcome Outcome, long Bytes);
