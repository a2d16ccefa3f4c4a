namespace MagicFolder.Soak;

/// <summary>A promise was broken. The message names which.</summary>
internal sealed class SoakFailure(string message) : Exception(message);
