namespace MagicFolder.State;

/// <summary>
/// The state database could not be read or written (disk full, device error, no permission). Nothing of the current transaction was kept.
/// Deliberately not an IOException: trouble with one path is survivable, this is not.
/// </summary>
public sealed class StateStorageException(string message, Exception? inner = null) : Exception(message, inner);
