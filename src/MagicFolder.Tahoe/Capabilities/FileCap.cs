namespace MagicFolder.Tahoe.Capabilities;

/// <summary>A cap of a file: what a directory cap wraps.</summary>
public abstract record FileCap : Cap
{
    private protected FileCap()
    {
    }

    /// <summary>The fields after <c>URI:</c> and kind and colon: shared with the directory form of the cap.</summary>
    internal abstract string Fields { get; }

    public sealed override string ToUriString() => $"URI:{Kind}:{Fields}";
}
