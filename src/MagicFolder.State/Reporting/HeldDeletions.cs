namespace MagicFolder.State;

/// <summary>Deletions that wait for an answer, for they are suspiciously many.</summary>
/// <param name="Origin">Where they come from: "local", or a participant.</param>
/// <param name="Count">How many entries would vanish.</param>
/// <param name="Of">Of how many.</param>
/// <param name="SinceMs">Since when, milliseconds since the epoch.</param>
public sealed record HeldDeletions(string Origin, long Count, long Of, long SinceMs);
