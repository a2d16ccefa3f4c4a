namespace MagicFolder.Tahoe.Directories;

/// <summary>What is wrong with the bytes of a directory.</summary>
public enum DirectoryDamage
{
    /// <summary>Not a sequence of netstrings of four netstrings each.</summary>
    NotATable,

    /// <summary>A name that is no UTF-8.</summary>
    BadName,

    /// <summary>Metadata that is no JSON object.</summary>
    BadMetadata,

    /// <summary>An encrypted write cap that is shorter than its salt and its code.</summary>
    BadWriteField,

    /// <summary>A write cap in an immutable directory.</summary>
    WriteFieldInImmutable,
}

/// <summary>The bytes of a directory are not what they should be. The message holds no secret and no name.</summary>
public sealed class DamagedDirectoryException : Exception
{
    public DamagedDirectoryException(DirectoryDamage damage, Exception? inner = null)
        : base($"Damaged directory: {damage}.", inner) => Damage = damage;

    public DirectoryDamage Damage { get; }
}
