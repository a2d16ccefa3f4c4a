namespace MagicFolder.Sync.Explaining;

/// <summary>How the disk compares with what is recorded of it.</summary>
public enum DiskFinding
{
    /// <summary>Nothing is recorded, and nothing is there.</summary>
    Nothing,

    /// <summary>It is as it was recorded.</summary>
    AsRecorded,

    /// <summary>It looks different than recorded.</summary>
    Changed,

    /// <summary>It is recorded, but is not there.</summary>
    Missing,

    /// <summary>It is there, but not recorded yet.</summary>
    New,

    /// <summary>The disk could not be looked at.</summary>
    Unknown,
}
