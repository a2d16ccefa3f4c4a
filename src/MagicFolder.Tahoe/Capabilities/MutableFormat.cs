namespace MagicFolder.Tahoe.Capabilities;

/// <summary>The two layouts of mutable files. One key pair must never be used for both: they would share a storage index.</summary>
public enum MutableFormat
{
    /// <summary>One segment, rewritten as a whole.</summary>
    Sdmf,

    /// <summary>Many segments, which can be rewritten one by one.</summary>
    Mdmf,
}
