namespace MagicFolder.State;

/// <summary>Deletions that wait for an answer, for they are suspiciously many.</summary>
/// <param name="Origin">Where they come from: "local", or "remote".</param>
/// <param name="Count">How many entries would be lost.</param>
/// <param name="Of">Of how many.</param>
/// <param name="Going">How many would go, those included that have only moved.</param>
/// <param name="SinceMs">Since when, milliseconds since the epoch.</param>
public sealed record HeldDeletions(string Origin, long Count, long Of, long Going, long SinceMs);
