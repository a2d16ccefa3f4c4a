namespace MagicFolder.Fuzzing.Runs;

/// <param name="Seed">All inputs follow from it and the corpus.</param>
/// <param name="Inputs">The most for each target.</param>
/// <param name="Time">The longest for each target.</param>
/// <param name="Failures">Where failing inputs are written; null for nowhere.</param>
/// <param name="Corpus">Where small inputs that showed something new are written; null for nowhere.</param>
internal sealed record FuzzOptions(int Seed, long Inputs, TimeSpan Time, string? Failures = null, string? Corpus = null);
