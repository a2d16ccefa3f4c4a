namespace MagicFolder.FileSystem.Applying;

/// <summary>What became of a thing that was swapped out and waits in the stage.</summary>
public enum SwappedOut
{
    /// <summary>Nobody has it open for writing, and it is what was recorded: it may be removed.</summary>
    Untouched = 1,

    /// <summary>Somebody may still write to it: look again later, or after a quarantine.</summary>
    StillOpen,

    /// <summary>Somebody wrote to it after it was swapped out: a local version, which has to be kept.</summary>
    Changed,

    /// <summary>It is not there any more.</summary>
    Gone,
}
