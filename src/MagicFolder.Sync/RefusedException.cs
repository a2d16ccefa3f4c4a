namespace MagicFolder.Sync;

/// <summary>What was asked for cannot be done as things are. Nothing was changed; the message says why and what to do.</summary>
public sealed class RefusedException(string message) : Exception(message);
