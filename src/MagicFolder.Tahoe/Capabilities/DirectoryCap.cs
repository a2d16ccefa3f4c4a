namespace MagicFolder.Tahoe.Capabilities;

/// <summary>A directory: a file whose content is a table of children, named by the cap of that file with another prefix (tahoe-capabilities, section 2.2).</summary>
public sealed record DirectoryCap : Cap
{
    public DirectoryCap(FileCap inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        Inner = inner;
    }

    /// <summary>The file that holds the table.</summary>
    public FileCap Inner { get; }

    public override bool IsMutable => Inner.IsMutable;

    public override bool IsReadOnly => Inner.IsReadOnly;

    public override string Kind => Inner.Kind.StartsWith("SSK", StringComparison.Ordinal) ? "DIR2" + Inner.Kind[3..] : "DIR2-" + Inner.Kind;

    protected override string Fingerprintable => Inner.ToString();

    public override DirectoryCap ToReadOnly() => IsReadOnly ? this : new DirectoryCap((FileCap)Inner.ToReadOnly());

    public override DirectoryCap? ToVerifyCap() => Inner.ToVerifyCap() is FileCap inner ? new DirectoryCap(inner) : null;

    public override string ToUriString() => $"URI:{Kind}:{Inner.Fields}";
}
