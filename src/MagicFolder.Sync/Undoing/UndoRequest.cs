namespace MagicFolder.Sync.Undoing;

/// <summary>What is to be undone.</summary>
/// <param name="By">Whose changes: a petname.</param>
/// <param name="SinceMs">Changes that were published at that time or later, by their maker's clock, milliseconds since the epoch.</param>
/// <param name="Pretend">Only say what would be done.</param>
public sealed record UndoRequest(string By, long SinceMs, bool Pretend);
