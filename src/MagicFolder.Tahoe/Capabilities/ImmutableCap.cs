namespace MagicFolder.Tahoe.Capabilities;

/// <summary>The read cap of an immutable file: <see cref="LiteralCap"/> or <see cref="ChkCap"/>.</summary>
public abstract record ImmutableCap : FileCap
{
    private protected ImmutableCap()
    {
    }

    /// <summary>Size of the plain file in bytes.</summary>
    public abstract long Size { get; }
}
