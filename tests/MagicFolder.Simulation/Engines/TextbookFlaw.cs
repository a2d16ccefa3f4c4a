namespace MagicFolder.Simulation.Engines;

/// <summary>What a <see cref="TextbookWorld"/> does wrong on purpose.</summary>
internal enum TextbookFlaw
{
    None = 0,

    /// <summary>Of several versions only the one with the greatest dot is kept.</summary>
    LastWriterWins,

    /// <summary>A local change replaces all versions of its path, not only those that were in front of the user.</summary>
    RemoveDotsByPath,

    /// <summary>What is on the disk counts as what was last materialized, without looking.</summary>
    ExtendRecordBlindly,

    /// <summary>Versions known to the other side are taken again: deletions come back.</summary>
    IgnoreContext,

    /// <summary>A path that is not in the tree is removed from the disk without looking whether it changed.</summary>
    RemoveBlindly,

    /// <summary>Half of a file is visible before the rest.</summary>
    WriteInPlace,

    /// <summary>The second of two versions is not shown.</summary>
    HideConflicts,
}
