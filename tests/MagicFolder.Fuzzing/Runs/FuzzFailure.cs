namespace MagicFolder.Fuzzing.Runs;

/// <summary>An input that was neither accepted nor properly refused.</summary>
/// <param name="What">The exception with its place, or the broken promise; failures with the same text count as one.</param>
/// <param name="Input">The shortest input seen that does it.</param>
/// <param name="Detail">The whole exception.</param>
internal sealed record FuzzFailure(string What, byte[] Input, string Detail);

/// <summary>A target found a promise broken that shows in no exception of the product.</summary>
internal sealed class BrokenPromiseException(string message) : Exception(message);

/// <summary>For parsers that refuse by their result and not by an exception.</summary>
internal sealed class RefusedByResultException(string message) : Exception(message);
