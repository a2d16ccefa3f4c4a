using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Tahoe.Directories;

/// <summary>What the holder of a directory's cap may do with its table.</summary>
public sealed class DirectoryAuthority
{
    private DirectoryAuthority(WriteKey? writeKey, bool isImmutable) => (WriteKey, IsImmutable) = (writeKey, isImmutable);

    /// <summary>An immutable directory, also one that is about to be made: nobody can change it, and all its children are as immutable.</summary>
    public static DirectoryAuthority Immutable { get; } = new(null, isImmutable: true);

    /// <summary>A mutable directory whose children's write caps cannot be read.</summary>
    public static DirectoryAuthority Reader { get; } = new(null, isImmutable: false);

    public bool IsImmutable { get; }

    /// <summary>Whether children can be added and removed.</summary>
    public bool CanBuild => IsImmutable || WriteKey is not null;

    /// <summary>Decrypts the children's write caps.</summary>
    internal WriteKey? WriteKey { get; }

    /// <summary>A mutable directory, with the key that its children's write caps are encrypted with.</summary>
    public static DirectoryAuthority Writer(WriteKey key) => new(key, isImmutable: false);

    /// <exception cref="ArgumentException">A verify cap: its holder cannot read the table.</exception>
    public static DirectoryAuthority Of(DirectoryCap cap)
    {
        ArgumentNullException.ThrowIfNull(cap);
        return cap.Inner switch
        {
            ImmutableCap => Immutable,
            MutableWriteCap write => Writer(write.WriteKey),
            MutableReadCap => Reader,
            _ => throw new ArgumentException("A verify cap does not let its holder read the directory.", nameof(cap)),
        };
    }

    public override string ToString() => IsImmutable ? "immutable" : WriteKey is null ? "reader" : "writer";
}
