namespace MagicFolder.State;

/// <summary>Another process, or another part of this one, has this state database open.</summary>
public sealed class StateInUseException(string message, Exception? inner = null) : Exception(message, inner);
