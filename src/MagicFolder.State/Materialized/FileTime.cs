namespace MagicFolder.State;

/// <summary>The times of a file.</summary>
public enum FileTime
{
    /// <summary>That of its version, which is the same for all participants.</summary>
    Modified,

    /// <summary>When the file on this disk was written or put in place.</summary>
    Changed,
}
