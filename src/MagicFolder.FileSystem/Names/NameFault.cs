namespace MagicFolder.FileSystem.Names;

/// <summary>Why a computer cannot hold a path.</summary>
public enum NameFault
{
    None = 0,

    /// <summary>It belongs to the program itself.</summary>
    Reserved,

    /// <summary>One of its names is too long.</summary>
    NameTooLong,

    PathTooLong,

    /// <summary>A character that the system gives another meaning.</summary>
    Character,

    /// <summary>A name of a device, such as NUL or COM1.</summary>
    DeviceName,

    /// <summary>A name ends in a dot or a space, which the system drops.</summary>
    TrailingDotOrSpace,
}
