namespace MagicFolder.Tahoe.Shares;

/// <summary>What is wrong with the bytes of a share container.</summary>
public enum ContainerFault
{
    /// <summary>Shorter than its header, or than its header says.</summary>
    Truncated,

    /// <summary>Begins with neither a known version number nor a known magic.</summary>
    UnknownVersion,

    /// <summary>Sections overlap or lie outside of the file.</summary>
    BadLayout,

    /// <summary>A mutable container where an immutable one was expected, or the other way round.</summary>
    WrongKind,

    /// <summary>Larger than this program holds in memory.</summary>
    TooLarge,
}

/// <summary>The bytes of a share container are not what they should be.</summary>
public sealed class DamagedContainerException : Exception
{
    public DamagedContainerException(ContainerFault fault)
        : base($"Damaged share container: {fault}.") => Fault = fault;

    public ContainerFault Fault { get; }
}
