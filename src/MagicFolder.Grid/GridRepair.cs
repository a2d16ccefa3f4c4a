namespace MagicFolder.Grid;

/// <summary>What a repair has changed.</summary>
/// <param name="Before">What was found.</param>
/// <param name="After">What is there now; the same as before if nothing was to be done.</param>
public sealed record GridRepair(GridCheck Before, GridCheck After);
