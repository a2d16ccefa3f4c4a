namespace MagicFolder.Sync;

/// <summary>The directory is not there, or is not the folder that it should be. Nothing was concluded from that: absence is not deletion.</summary>
public sealed class FolderUnavailableException(string message) : Exception(message);
