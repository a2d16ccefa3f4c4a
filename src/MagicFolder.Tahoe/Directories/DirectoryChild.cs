namespace MagicFolder.Tahoe.Directories;

/// <summary>A name in a directory, and what it leads to. Immutable.</summary>
public sealed record DirectoryChild(ChildName Name, ChildCaps Caps, ChildMetadata Metadata)
{
    /// <summary>Redacted.</summary>
    public override string ToString() => $"{Name}: {Caps}";
}
