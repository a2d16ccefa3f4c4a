namespace MagicFolder.Sync.Undoing;

/// <summary>What is to be undone.</summary>
/// <param name="By">Whose changes: a petname.</param>
/// <param name="SinceMs">Changes that were published at that time or later, milliseconds since the epoch: by their maker's clock, if that can be right.</param>
/// <param name="Pretend">Only say what would be done.</param>
public sealed record UndoRequest(string By, long SinceMs, bool Pretend);
